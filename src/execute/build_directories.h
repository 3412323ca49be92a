// SPDX-License-Identifier: MIT OR Apache-2.0
// The directories of a build: made before it, as cargo makes them (cargo 1.95: core/compiler/layout.rs), and locked
// against another pcargo.
#pragma once

#include "base/result.h"
#include "plan/build_plan.h"
#include "platform/file_lock.h"

#include <functional>

namespace pcargo::execute {

/// Makes target and build directories (a new one gets a CACHEDIR.TAG) and the profile's directories in them.
Result<void> create_build_directories(const plan::BuildPlan& plan);

/// One pcargo at a time writes below a build directory. `on_blocked` is called once if another holds the lock.
Result<platform::FileLock> lock_build_directory(const plan::Layout& layout, const std::function<void()>& on_blocked);

}  // namespace pcargo::execute
