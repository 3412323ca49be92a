// SPDX-License-Identifier: MIT OR Apache-2.0
// XXH3 of bytes, 128 bits: tells damage and difference where nobody chooses the input. Costs no library at the start.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace pcargo {

using QuickDigest = std::array<std::uint8_t, 16>;

QuickDigest quick_digest(std::string_view bytes);

}  // namespace pcargo
