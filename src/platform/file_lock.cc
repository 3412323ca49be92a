// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/file_lock.h"

#include "platform/files.h"
#include "platform/os_error.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <utility>

namespace pcargo::platform {

/// While it lives: `tell` is called once, by whoever waits, after a second's alarm has interrupted the wait. No thread:
/// the process may become another one later. The alarm comes again each second, so that none is lost between two calls.
class LongWait {
 public:
  explicit LongWait(const std::function<void()>& tell) : tell_(tell) {
    rang_ = 0;
    struct sigaction action {};
    action.sa_handler = [](int) { rang_ = 1; };
    ::sigaction(SIGALRM, &action, &former_action_);
    sigset_t alarm;
    ::sigemptyset(&alarm);
    ::sigaddset(&alarm, SIGALRM);
    ::sigprocmask(SIG_UNBLOCK, &alarm, &former_mask_);
    set_timer(1);
  }
  ~LongWait() {
    set_timer(0);
    ::sigprocmask(SIG_SETMASK, &former_mask_, nullptr);
    ::sigaction(SIGALRM, &former_action_, nullptr);
  }
  LongWait(const LongWait&) = delete;
  LongWait& operator=(const LongWait&) = delete;

  void interrupted() {
    if (rang_ != 0 && !std::exchange(told_, true)) {
      set_timer(0);
      tell_();
    }
  }

 private:
  static void set_timer(time_t seconds) {
    const itimerval every{{seconds, 0}, {seconds, 0}};
    ::setitimer(ITIMER_REAL, &every, nullptr);
  }

  static inline volatile std::sig_atomic_t rang_ = 0;
  const std::function<void()>& tell_;
  bool told_ = false;
  struct sigaction former_action_ {};
  sigset_t former_mask_{};
};

namespace {

// More than anybody signs with.
constexpr std::uint64_t kMostSigned = 4096;

/// Some NFS servers let a lock wait for ever, even one that only tries (rust-lang/cargo#2615).
bool is_on_network(int descriptor) {
  struct statfs about {};
  return ::fstatfs(descriptor, &about) == 0 && is_network_file_system(static_cast<long>(about.f_type));
}

bool is_unsupported(int error_number) {
  return error_number == ENOTSUP || error_number == EOPNOTSUPP || error_number == ENOSYS;
}

/// Somebody may have removed or replaced the file between our open and our lock; then we hold a lock that nobody else
/// sees.
bool is_still_at(int descriptor, const std::string& path) {
  struct stat ours {};
  struct stat there {};
  return ::fstat(descriptor, &ours) == 0 && ::stat(path.c_str(), &there) == 0 && ours.st_dev == there.st_dev &&
         ours.st_ino == there.st_ino;
}

int flock_through_signals(int descriptor, int operation, LongWait* wait) {
  while (::flock(descriptor, operation) != 0) {
    if (errno != EINTR) {
      return errno;
    }
    if (wait != nullptr) {
      wait->interrupted();
    }
  }
  return 0;
}

}  // namespace

bool is_network_file_system(long magic) {
  switch (static_cast<std::uint32_t>(magic)) {
    case 0x6969:      // NFS
    case 0x517b:      // SMB
    case 0xff534d42:  // CIFS
    case 0xfe534d42:  // SMB 2
      return true;
    default:
      return false;  // FUSE too: its locks are the kernel's own, or those of a server that has asked for them
  }
}

FileLock::~FileLock() {
  if (file_ && signed_) {
    (void)::ftruncate(file_.get(), 0);
  }
}

void FileLock::keep_in_next_program() && {
  signed_ = false;
  ::fcntl(file_.release(), F_SETFD, 0);
}

void FileLock::sign(const LockHolder& holder) {
  signed_ = write(to_text(holder));
}

bool FileLock::write(const std::string& text) {
  struct stat ours {};
  struct stat there {};
  const bool is_own_file = ::fstat(file_.get(), &ours) == 0 && ::lstat(path_.c_str(), &there) == 0 &&
                           S_ISREG(there.st_mode) && ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
  // Where it is not effective others would write into it as well; and a link leads to what is not ours.
  return effective_ && is_own_file && ::ftruncate(file_.get(), 0) == 0 &&
         ::pwrite(file_.get(), text.data(), text.size(), 0) > 0;
}

std::optional<LockHolder> read_lock_holder(const std::string& path) {
  const auto text = read_regular_file(path, kMostSigned);
  return text ? parse_lock_holder(*text) : std::nullopt;
}

Result<std::optional<FileLock>> FileLock::acquire(const std::string& path, int operation, LongWait* wait) {
  while (true) {
    Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!file) {
      return os_error(errno, "failed to open: " + path);
    }
    if (is_on_network(file.get())) {
      return std::optional(FileLock(std::move(file), path, false));
    }
    const int error = flock_through_signals(file.get(), operation, wait);
    if (error == EWOULDBLOCK) {
      return std::optional<FileLock>();
    }
    if (is_unsupported(error)) {
      return std::optional(FileLock(std::move(file), path, false));
    }
    if (error != 0) {
      return os_error(error, "failed to lock file: " + path);
    }
    if (is_still_at(file.get(), path)) {
      return std::optional(FileLock(std::move(file), path, true));
    }
  }
}

Result<std::optional<FileLock>> FileLock::try_lock(const std::string& path, LockMode mode) {
  return acquire(path, (mode == LockMode::kShared ? LOCK_SH : LOCK_EX) | LOCK_NB, nullptr);
}

Result<FileLock> FileLock::lock(const std::string& path, const std::function<void()>& on_long_wait) {
  std::optional<LongWait> wait;
  if (on_long_wait) {
    wait.emplace(on_long_wait);
  }
  PCARGO_ASSIGN(std::optional<FileLock> lock, acquire(path, LOCK_EX, wait ? &*wait : nullptr));
  PCARGO_CHECK(lock.has_value());
  return *std::move(lock);
}

}  // namespace pcargo::platform
