// SPDX-License-Identifier: MIT OR Apache-2.0
// What a command said to the user, as a value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pcargo {

struct Said {
  enum class Where : std::uint8_t { kStdout, kStderr };
  Where where = Where::kStderr;
  std::string text;

  bool operator==(const Said&) const = default;
};

using Transcript = std::vector<Said>;

}  // namespace pcargo
