// SPDX-License-Identifier: MIT OR Apache-2.0
// Where the kernel says what our control group may use, and how to read it there. Knows no resource.
#pragma once

#include "base/file_system.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::platform {

struct ControlGroup {
  bool is_version_2 = false;
  std::vector<std::string> directories;  ///< our group's and those above it, up to the mount point
};

/// A version 1 group that has `controller` ("cpu", "memory") goes before the version 2 one.
std::optional<ControlGroup> control_group(const FileSystem& files, std::string_view controller);

/// Empty where there is no such file.
std::string read_or_empty(const FileSystem& files, const std::string& path);

std::vector<std::string_view> split(std::string_view text, char separator);

/// Nothing but digits; nullopt: something else, as "max" and -1 for "no limit" are.
std::optional<std::uint64_t> parse_number(std::string_view text);

/// Of lines that read "name number".
std::optional<std::uint64_t> number_of(std::string_view text, std::string_view name);

}  // namespace pcargo::platform
