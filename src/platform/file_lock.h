// SPDX-License-Identifier: MIT OR Apache-2.0
// One process at a time: an exclusive flock on a file that stays where it is. As cargo's (util/flock.rs, 1.95): on NFS,
// and where the file system knows no locks, there is none, and everybody goes on.
#pragma once

#include "base/result.h"
#include "platform/descriptor.h"

#include <optional>
#include <string>

namespace pcargo::platform {

/// Held until destroyed. Children do not inherit it.
class FileLock {
 public:
  /// Nothing when another process holds it. Makes the file if there is none; its directory must exist.
  static Result<std::optional<FileLock>> try_lock(const std::string& path);

  /// Waits. Call it before signals are watched: the wait cannot be interrupted by a watched one.
  static Result<FileLock> lock(const std::string& path);

  /// False where the file system does not lock.
  bool is_effective() const { return effective_; }

 private:
  FileLock(Descriptor file, bool effective) : file_(std::move(file)), effective_(effective) {}
  static Result<std::optional<FileLock>> acquire(const std::string& path, int operation);

  Descriptor file_;
  bool effective_;
};

}  // namespace pcargo::platform
