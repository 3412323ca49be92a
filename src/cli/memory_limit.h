// SPDX-License-Identifier: MIT OR Apache-2.0
// How much memory the user lets a build take, and what is said of it afterwards.
#pragma once

#include "base/environment.h"
#include "base/file_system.h"
#include "base/result.h"
#include "cargo/config.h"
#include "execute/driver.h"

#include <cstdint>
#include <optional>
#include <string>

namespace pcargo::cli {

/// `--memory`, PCARGO_MEMORY, or `pcargo.memory` of the config, in this order; else what is available now less a
/// reserve. nullopt: no limit.
Result<std::optional<std::int64_t>> memory_limit(const std::optional<std::string>& argument,
                                                 const Environment& environment,
                                                 const cargo::Config& config,
                                                 const FileSystem& files);

/// nullopt: nobody waited.
std::optional<std::string> told_of(const execute::Driver::Shortage& shortage, std::int64_t limit);

}  // namespace pcargo::cli
