// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/descriptor.h"

#include "platform/os_error.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace pcargo::platform {
namespace {

int open_flags(Access access) {
  switch (access) {
    case Access::kRead:
      return O_RDONLY;
    case Access::kWrite:
      return O_WRONLY;
    case Access::kBoth:
      break;
  }
  return O_RDWR;
}

bool is_fifo(int descriptor) {
  struct stat about {};
  return ::fstat(descriptor, &about) == 0 && S_ISFIFO(about.st_mode);
}

}  // namespace

void Descriptor::reset() {
  if (number_ >= 0) {
    // EINTR included: on Linux the descriptor is gone whatever close says.
    ::close(number_);
    number_ = -1;
  }
}

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return os_error(errno, "failed to make a pipe");
  }
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

Result<void> set_nonblocking(int descriptor) {
  const int flags = ::fcntl(descriptor, F_GETFL);
  if (flags < 0 || ::fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) != 0) {
    return os_error(errno, "failed to make a descriptor nonblocking");
  }
  return {};
}

bool is_open_pipe(int descriptor, Access access) {
  const int flags = ::fcntl(descriptor, F_GETFL);
  if (flags < 0 || !is_fifo(descriptor)) {
    return false;
  }
  const int mode = flags & O_ACCMODE;
  return mode == O_RDWR || mode == open_flags(access);
}

Result<Descriptor> reopen_pipe(int descriptor, Access access) {
  const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
  Descriptor opened(::open(path.c_str(), open_flags(access) | O_NONBLOCK | O_CLOEXEC));
  if (!opened) {
    return os_error(errno, "failed to reopen `" + path + "`");
  }
  return opened;
}

Result<Descriptor> open_fifo(const std::string& path) {
  Descriptor opened(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!opened) {
    return os_error(errno, "failed to open `" + path + "`");
  }
  if (!is_fifo(opened.get())) {
    return Error{ErrorKind::kEnvironment, "`" + path + "` is not a fifo"};
  }
  return opened;
}

std::size_t read_available(int descriptor, char* buffer, std::size_t size) {
  ssize_t count = 0;
  do {
    count = ::read(descriptor, buffer, size);
  } while (count < 0 && errno == EINTR);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

std::size_t write_available(int descriptor, std::string_view bytes) {
  ssize_t count = 0;
  do {
    count = ::write(descriptor, bytes.data(), bytes.size());
  } while (count < 0 && errno == EINTR);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

}  // namespace pcargo::platform
