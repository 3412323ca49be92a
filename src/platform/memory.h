// SPDX-License-Identifier: MIT OR Apache-2.0
// How much memory there is to be had, and whether the system has killed for it.
#pragma once

#include "base/file_system.h"

#include <cstdint>
#include <optional>

namespace pcargo::platform {

/// Bytes that programs may still take without pushing others out: what the machine has (MemAvailable), or less where
/// our control group, or one above it, may not have so much. nullopt: the system does not say.
std::optional<std::uint64_t> available_memory(const FileSystem& files);

/// How many processes the kernel has killed for want of memory so far, in our control group if it counts there, else
/// on the machine. nullopt: the system does not say.
std::optional<std::uint64_t> memory_kills(const FileSystem& files);

struct ProcessMemory {
  std::int64_t now = 0;  ///< resident bytes
  std::int64_t peak = 0;
};
std::optional<ProcessMemory> process_memory(const FileSystem& files, int pid);

}  // namespace pcargo::platform
