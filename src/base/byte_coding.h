// SPDX-License-Identifier: MIT OR Apache-2.0
// Values as bytes and back: little endian; texts and lists with their length before them. Knows neither files nor
// versions.
#pragma once

#include "base/digest.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace pcargo {

class ByteWriter {
 public:
  template <std::integral T>
  void number(T value) {
    const auto bits = static_cast<std::make_unsigned_t<T>>(value);
    for (std::size_t shift = 0; shift < 8 * sizeof(T); shift += 8) {
      bytes_ += static_cast<char>(static_cast<std::uint64_t>(bits) >> shift & 0xff);
    }
  }
  void text(std::string_view value) {
    number(std::uint64_t{value.size()});
    bytes_ += value;
  }
  void digest(const Digest& value) {
    bytes_.append(reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size());
  }
  template <class T, class Write>
  void list(const std::vector<T>& values, Write write) {
    number(std::uint64_t{values.size()});
    for (const T& value : values) {
      write(*this, value);
    }
  }
  template <class T, class Write>
  void optional(const std::optional<T>& value, Write write) {
    number(std::uint8_t{value ? std::uint8_t{1} : std::uint8_t{0}});
    if (value) {
      write(*this, *value);
    }
  }

  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// After the first thing that cannot be, all others are empty and is_good() is false.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  bool is_good() const { return good_; }
  bool is_at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) {
      fail();
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  template <std::integral T>
  void number(T& value) {
    std::uint64_t bits = 0;
    std::size_t shift = 0;
    for (const char byte : take(sizeof(T))) {
      bits |= std::uint64_t{static_cast<unsigned char>(byte)} << shift;
      shift += 8;
    }
    value = static_cast<T>(bits);
  }
  void text(std::string& value) {
    std::uint64_t size = 0;
    number(size);
    value = take(size);
  }
  void digest(Digest& value) {
    const std::string_view taken = take(sizeof(Digest::bytes));
    for (std::size_t i = 0; i < taken.size(); ++i) {
      value.bytes[i] = static_cast<std::uint8_t>(taken[i]);
    }
  }
  template <class Enum>
  void one_of(Enum& value, Enum last) {
    std::uint8_t number_of = 0;
    number(number_of);
    if (number_of > static_cast<std::uint8_t>(last)) {
      fail();
      return;
    }
    value = static_cast<Enum>(number_of);
  }
  /// Grows by what is really there: a count promises nothing.
  template <class T, class Read>
  void list(std::vector<T>& values, Read read) {
    std::uint64_t count = 0;
    number(count);
    for (; count > 0 && good_; --count) {
      read(*this, values.emplace_back());
    }
  }
  template <class T, class Read>
  void optional(std::optional<T>& value, Read read) {
    bool is_there = false;
    one_of(is_there, true);
    if (is_there) {
      read(*this, value.emplace());
    }
  }

 private:
  void fail() {
    good_ = false;
    rest_ = {};
  }

  std::string_view rest_;
  bool good_ = true;
};

}  // namespace pcargo
