// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/path_hash.h"

#include <string>

namespace pcargo::prepare {
namespace {

std::uint64_t rotate_left(std::uint64_t value, int bits) {
  return value << bits | value >> (64 - bits);
}

std::string little_endian(std::uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) {
    bytes += static_cast<char>(value >> (8 * i) & 0xff);
  }
  return bytes;
}

std::uint64_t read_little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return value;
}

/// SipHash 1-3 with 128 bits, keys zero.
struct Sip {
  std::uint64_t v0 = 0x736f6d6570736575;
  std::uint64_t v1 = 0x646f72616e646f6d ^ 0xee;
  std::uint64_t v2 = 0x6c7967656e657261;
  std::uint64_t v3 = 0x7465646279746573;

  void round() {
    v0 += v1;
    v2 += v3;
    v1 = rotate_left(v1, 13) ^ v0;
    v3 = rotate_left(v3, 16) ^ v2;
    v0 = rotate_left(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = rotate_left(v1, 17) ^ v2;
    v3 = rotate_left(v3, 21) ^ v0;
    v2 = rotate_left(v2, 32);
  }

  void take(std::uint64_t word) {
    v3 ^= word;
    round();
    v0 ^= word;
  }

  std::uint64_t finish_half() {
    for (int i = 0; i < 3; ++i) {
      round();
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }
};

std::uint64_t sip128_folded(std::string_view bytes) {
  Sip sip;
  const std::uint64_t length = bytes.size();
  while (bytes.size() >= 8) {
    sip.take(read_little_endian(bytes.substr(0, 8)));
    bytes.remove_prefix(8);
  }
  sip.take(length << 56 | read_little_endian(bytes));
  sip.v2 ^= 0xee;
  const std::uint64_t low = sip.finish_half();
  sip.v1 ^= 0xdd;
  const std::uint64_t high = sip.finish_half();
  return low * 3 + high;
}

/// What `impl Hash for Path` feeds a hasher: the components without separators and ".", then a word of their lengths.
std::string hashed_bytes(std::string_view path) {
  std::string bytes;
  std::uint64_t lengths = 0;
  bool is_first = true;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const std::string_view component = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    if (!component.empty() && (component != "." || is_first)) {
      bytes += component;
      lengths += component.size();
      lengths = lengths >> 2 | lengths << 62;
    }
    is_first = false;
  }
  return bytes + little_endian(lengths);
}

}  // namespace

std::uint64_t stable_path_hash(std::string_view path) {
  return sip128_folded(hashed_bytes(path));
}

}  // namespace pcargo::prepare
