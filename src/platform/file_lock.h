// SPDX-License-Identifier: MIT OR Apache-2.0
// Many readers or one writer: a flock on a file that stays where it is, held by the kernel for as long as its holder
// lives. As cargo's (util/flock.rs, 1.95): on a network file system, and where the file system knows no locks, there is
// none, and everybody goes on.
#pragma once

#include "base/result.h"
#include "platform/descriptor.h"
#include "platform/lock_holder.h"

#include <functional>
#include <optional>
#include <string>

namespace pcargo::platform {

class LongWait;  // file_lock.cc

enum class LockMode { kExclusive, kShared };

/// Held until destroyed. Children do not inherit it.
class FileLock {
 public:
  /// Nothing when another process holds it. Makes the file if there is none; its directory must exist.
  static Result<std::optional<FileLock>> try_lock(const std::string& path, LockMode mode = LockMode::kExclusive);

  /// Waits, for ever if need be; `on_long_wait` is called once, after a second. Call it before signals are watched: the
  /// wait cannot be interrupted by a watched one.
  static Result<FileLock> lock(const std::string& path, const std::function<void()>& on_long_wait = {});

  FileLock(FileLock&&) = default;
  FileLock& operator=(FileLock&&) = default;
  ~FileLock();

  /// False where the file system does not lock.
  bool is_effective() const { return effective_; }

  /// The program that this process becomes next goes on holding it, to its end.
  void keep_in_next_program() &&;

  /// For a child that is to hold it as well: it stays held until the last of both is closed.
  int descriptor() const { return file_.get(); }

  /// In place of what the file says; false: it could not be written.
  bool write(const std::string& text);

  /// Writes into the file who holds it, for those who wait; it is emptied again at an orderly end.
  void sign(const LockHolder& holder);

 private:
  FileLock(Descriptor file, std::string path, bool effective)
      : file_(std::move(file)), path_(std::move(path)), effective_(effective) {}
  static Result<std::optional<FileLock>> acquire(const std::string& path, int operation, LongWait* wait);

  Descriptor file_;
  std::string path_;
  bool effective_;
  bool signed_ = false;
};

/// What the holder of the lock at `path` wrote; nullopt if that cannot be read or understood.
std::optional<LockHolder> read_lock_holder(const std::string& path);

/// A file system that other machines share, by statfs's magic number: cargo takes no lock there.
bool is_network_file_system(long magic);

}  // namespace pcargo::platform
