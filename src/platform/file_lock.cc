// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/file_lock.h"

#include "platform/os_error.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <cerrno>
#include <utility>

namespace pcargo::platform {
namespace {

/// Some NFS servers let a lock wait for ever, even one that only tries (rust-lang/cargo#2615).
bool is_on_nfs(int descriptor) {
  constexpr long kNfsMagic = 0x6969;
  struct statfs about {};
  return ::fstatfs(descriptor, &about) == 0 && static_cast<long>(about.f_type) == kNfsMagic;
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

int flock_through_signals(int descriptor, int operation) {
  while (::flock(descriptor, operation) != 0) {
    if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

Result<std::optional<FileLock>> FileLock::acquire(const std::string& path, int operation) {
  while (true) {
    Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!file) {
      return os_error(errno, "failed to open: " + path);
    }
    if (is_on_nfs(file.get())) {
      return std::optional(FileLock(std::move(file), false));
    }
    const int error = flock_through_signals(file.get(), operation);
    if (error == EWOULDBLOCK) {
      return std::optional<FileLock>();
    }
    if (is_unsupported(error)) {
      return std::optional(FileLock(std::move(file), false));
    }
    if (error != 0) {
      return os_error(error, "failed to lock file: " + path);
    }
    if (is_still_at(file.get(), path)) {
      return std::optional(FileLock(std::move(file), true));
    }
  }
}

Result<std::optional<FileLock>> FileLock::try_lock(const std::string& path) {
  return acquire(path, LOCK_EX | LOCK_NB);
}

Result<FileLock> FileLock::lock(const std::string& path) {
  PCARGO_ASSIGN(std::optional<FileLock> lock, acquire(path, LOCK_EX));
  PCARGO_CHECK(lock.has_value());
  return *std::move(lock);
}

}  // namespace pcargo::platform
