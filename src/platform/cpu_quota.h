// SPDX-License-Identifier: MIT OR Apache-2.0
// How many processors our control group lets us use, as Rust's standard library works it out
// (std::thread::available_parallelism).
#pragma once

#include "base/file_system.h"

#include <cstddef>
#include <optional>

namespace pcargo::platform {

/// From /proc/self/cgroup and the group's cpu.max (version 2) or cpu.cfs_quota_us (version 1) files, this group's and
/// those above it. Rounded down, so it may be 0. Nothing where no limit is set.
std::optional<std::size_t> cpu_quota(const FileSystem& files);

}  // namespace pcargo::platform
