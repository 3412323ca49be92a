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
#include <string_view>

namespace pcargo::cli {

/// "512M", "4G", bytes; binary. nullopt: it is none.
std::optional<std::int64_t> parse_size(std::string_view text);

/// `--memory`, PCARGO_MEMORY, or `pcargo.memory` of the config, in this order; else what is available now less a
/// reserve. nullopt: no limit.
Result<std::optional<std::int64_t>> memory_limit(const std::optional<std::string>& argument,
                                                 const Environment& environment,
                                                 const cargo::Config& config,
                                                 const FileSystem& files);

/// nullopt: nobody waited.
std::optional<std::string> told_of(const execute::Driver::Shortage& shortage, std::int64_t limit);

}  // namespace pcargo::cli
