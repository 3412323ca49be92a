// SPDX-License-Identifier: MIT OR Apache-2.0
// Bytes that can be believed when they are read again: magic, format epoch, length and SHA-256 around a payload.
#pragma once

#include "base/byte_coding.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace pcargo::platform {

std::string seal(std::string_view magic, std::uint32_t epoch, std::string_view payload);

/// The payload, which lies in `bytes`; nullopt when they are short, damaged, foreign or of another epoch.
std::optional<std::string_view> unseal(std::string_view magic, std::uint32_t epoch, std::string_view bytes);

/// A value that `write` writes: (ByteWriter&, const Value&).
template <class Value, class Write>
std::string seal_value(std::string_view magic, std::uint32_t epoch, const Value& value, Write write) {
  ByteWriter payload;
  write(payload, value);
  return seal(magic, epoch, payload.bytes());
}

/// One that `read` reads: (ByteReader&, Value&). nullopt also when it does not end where the payload does.
template <class Value, class Read>
std::optional<Value> unseal_value(std::string_view magic, std::uint32_t epoch, std::string_view bytes, Read read) {
  const auto unsealed = unseal(magic, epoch, bytes);
  if (!unsealed) {
    return std::nullopt;
  }
  ByteReader payload(*unsealed);
  Value value;
  read(payload, value);
  return payload.is_good() && payload.is_at_end() ? std::optional(std::move(value)) : std::nullopt;
}

/// The epoch that the head of `bytes` claims; nullopt when they do not begin with this magic.
std::optional<std::uint32_t> sealed_epoch(std::string_view magic, std::string_view bytes);

}  // namespace pcargo::platform
