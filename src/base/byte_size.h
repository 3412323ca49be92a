// SPDX-License-Identifier: MIT OR Apache-2.0
// Sizes as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pcargo {

/// "512M", "4G", bytes; binary. nullopt: it is none.
std::optional<std::int64_t> parse_size(std::string_view text);

}  // namespace pcargo
