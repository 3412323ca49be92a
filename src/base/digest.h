// SPDX-License-Identifier: MIT OR Apache-2.0
// A SHA-256 digest as a value. Computed by platform/sha256.h.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace pcargo {

struct Digest {
  std::array<std::uint8_t, 32> bytes{};

  auto operator<=>(const Digest&) const = default;
};

/// For what is hashed or written in its turn. Valid as long as the digest is.
inline std::string_view bytes_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()};
}

/// 64 lower-case digits.
inline std::string to_hex(const Digest& digest) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::uint8_t byte : digest.bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace pcargo
