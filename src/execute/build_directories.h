// SPDX-License-Identifier: MIT OR Apache-2.0
// The directories of a build: made before it, as cargo makes them (cargo 1.95: core/compiler/layout.rs), and locked
// against another pcargo.
#pragma once

#include "base/result.h"
#include "plan/build_plan.h"
#include "platform/file_lock.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pcargo::execute {

/// Makes target and build directories (a new one gets a CACHEDIR.TAG) and the profile's directories in them. Call it
/// with the lock held.
Result<void> create_build_directories(const plan::BuildPlan& plan);

/// Those that it makes.
std::vector<std::string> build_directories(const plan::BuildPlan& plan);

/// What is said about the lock; each at most once.
struct LockWords {
  std::function<void()> blocked;  ///< another holds it: at once
  std::function<void(const std::optional<platform::LockHolder>&)>
      still_blocked;                 ///< after a second, if it is known who
  std::function<void()> not_locked;  ///< the file system has no locks for us
};

/// One pcargo at a time writes below a build directory: `private_root`, which is made if need be. The holder signs with
/// `command`. Before any job token is asked for: who waits for this lock must have none (R14).
Result<platform::FileLock> lock_build_directory(const std::string& private_root,
                                                const std::string& command,
                                                const LockWords& words);

}  // namespace pcargo::execute
