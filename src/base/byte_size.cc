// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/byte_size.h"

#include <charconv>
#include <limits>

namespace pcargo {

std::optional<std::int64_t> parse_size(std::string_view text) {
  constexpr std::string_view kUnits = "KMGT";
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (error != std::errc() || number < 0) {
    return std::nullopt;
  }
  if (unit.empty()) {
    return number;
  }
  const auto power = kUnits.find(unit.front());
  if (power == std::string_view::npos || (unit.size() > 1 && unit.substr(1) != "iB" && unit.substr(1) != "B")) {
    return std::nullopt;
  }
  const auto shift = 10 * (power + 1);
  return number > (std::numeric_limits<std::int64_t>::max() >> shift) ? std::nullopt : std::optional(number << shift);
}

}  // namespace pcargo
