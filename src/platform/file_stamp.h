// SPDX-License-Identifier: MIT OR Apache-2.0
// What the file system says about a file without reading it. Equal stamps save hashing; they never prove anything by
// themselves: a change within the clock tick of the look leaves no trace (reliability rule R2).
#pragma once

#include "base/file_system.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace pcargo::platform {

struct FileStamp {
  FileKind kind = FileKind::kNone;
  std::uint32_t mode = 0;  ///< type and permission bits: an executable that lost its bit is another file
  std::uint64_t size = 0;
  std::uint64_t inode = 0;
  std::uint64_t device = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;

  bool operator==(const FileStamp&) const = default;

  bool is_link() const { return (mode & 0170000U) == 0120000U; }
  bool is_executable() const { return (mode & 0111U) != 0; }
};

enum class Links { kFollow, kOfTheLinkItself };

/// One system call. Absence, and a path that cannot be looked at, is kNone; `error` tells which, by its errno.
FileStamp stamp_of(const std::string& path, Links links = Links::kFollow, int* error = nullptr);

/// The same where thousands are asked for, of which many lie in one directory; `error` is always set.
class StampedDirectory {
 public:
  StampedDirectory() = default;  ///< of no directory: paths are whole
  explicit StampedDirectory(const std::string& path);
  ~StampedDirectory();
  StampedDirectory(StampedDirectory&& other) noexcept : descriptor_(std::exchange(other.descriptor_, kNone)) {}
  StampedDirectory& operator=(StampedDirectory&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }

  bool is_open() const { return descriptor_ != kNone; }
  FileStamp stamp_of(const char* path, Links links, int* error) const;

 private:
  static constexpr int kNone = -100;  ///< AT_FDCWD
  int descriptor_ = kNone;
};

/// The text of a symbolic link; nullopt if there is none.
std::optional<std::string> link_text(const std::string& path);

/// Now, by the clock that stamps files: never later than the stamp of a change that begins after this call.
std::int64_t file_clock_ns();

}  // namespace pcargo::platform
