// SPDX-License-Identifier: MIT OR Apache-2.0
// Bytes that can be believed when they are read again: magic, format epoch, length and SHA-256 around a payload.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pcargo::platform {

std::string seal(std::string_view magic, std::uint32_t epoch, std::string_view payload);

/// The payload, which lies in `bytes`; nullopt when they are short, damaged, foreign or of another epoch.
std::optional<std::string_view> unseal(std::string_view magic, std::uint32_t epoch, std::string_view bytes);

/// The epoch that the head of `bytes` claims; nullopt when they do not begin with this magic.
std::optional<std::uint32_t> sealed_epoch(std::string_view magic, std::string_view bytes);

}  // namespace pcargo::platform
