// SPDX-License-Identifier: MIT OR Apache-2.0
// What one run of a unit was seen to take. Zero is "not known" everywhere but in `total`.
#pragma once

#include <cstdint>

namespace pcargo::record {

/// Times are nanoseconds of the wall clock from the unit's start, less what it waited at its link gate.
struct Measurement {
  std::int64_t total = 0;
  std::int64_t metadata = 0;  ///< until its dependents could start on it
  std::int64_t objects = 0;   ///< until its link could begin
  std::int64_t cpu = 0;       ///< of the process and all that it waited for, user and system
  std::int64_t peak_bytes = 0;
  std::int64_t output_bytes = 0;

  bool operator==(const Measurement&) const = default;
};

}  // namespace pcargo::record
