// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/file_stamp.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <ctime>

namespace pcargo::platform {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t nanoseconds(const struct statx_timestamp& time) {
  return time.tv_sec * kSecond + time.tv_nsec;
}

FileKind kind_of(unsigned mode) {
  return S_ISREG(mode) ? FileKind::kFile : S_ISDIR(mode) ? FileKind::kDirectory : FileKind::kOther;
}

}  // namespace

FileStamp stamp_of(const std::string& path, Links links, int* error) {
  int failed = 0;
  FileStamp stamp;
  if (path.find('\0') != std::string::npos) {
    failed = ENOENT;  // the system would look at what stands before it
  } else {
    stamp = StampedDirectory().stamp_of(path.c_str(), links, &failed);
  }
  if (error != nullptr) {
    *error = failed;
  }
  return stamp;
}

StampedDirectory::StampedDirectory(const std::string& path)
    : descriptor_(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
  static_assert(kNone == AT_FDCWD);
  if (descriptor_ < 0) {
    descriptor_ = kNone;
  }
}

StampedDirectory::~StampedDirectory() {
  if (is_open()) {
    ::close(descriptor_);
  }
}

FileStamp StampedDirectory::stamp_of(const char* path, Links links, int* error) const {
  const int follow = links == Links::kFollow ? 0 : AT_SYMLINK_NOFOLLOW;
  struct statx about {};
  *error = ::statx(descriptor_, path, AT_NO_AUTOMOUNT | follow, STATX_BASIC_STATS, &about) == 0 ? 0 : errno;
  if (*error != 0) {
    return {};
  }
  return FileStamp{
      .kind = kind_of(about.stx_mode),
      .mode = about.stx_mode,
      .size = about.stx_size,
      .inode = about.stx_ino,
      .device = makedev(about.stx_dev_major, about.stx_dev_minor),
      .mtime_ns = nanoseconds(about.stx_mtime),
      .ctime_ns = nanoseconds(about.stx_ctime),
  };
}

std::optional<std::string> link_text(const std::string& path) {
  std::string text(PATH_MAX, '\0');
  const ssize_t length = ::readlink(path.c_str(), text.data(), text.size());
  if (length < 0) {
    return std::nullopt;
  }
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::int64_t file_clock_ns() {
  struct timespec now {};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return now.tv_sec * kSecond + now.tv_nsec;
}

}  // namespace pcargo::platform
