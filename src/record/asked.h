// SPDX-License-Identifier: MIT OR Apache-2.0
// What `pcargo timings --what-if` has answered, kept beside the journals until builds have shown what is true: one line
// of JSON each, the last kAnswersKept of them.
//
//   {"asked_at_ms":1790000000000,"change":"cores=8","cores":8,"wall_us":..,"error_ppm":..}
#pragma once

#include "record/timeline.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pcargo::record {

inline constexpr std::size_t kAnswersKept = 50;

struct AskedAnswer {
  std::int64_t asked_at_ms = 0;  ///< since 1970
  std::string change;
  int cores = 0;
  Microseconds wall = 0;
  double expected_error = 0;  ///< as a share of it

  bool operator==(const AskedAnswer&) const = default;
};

/// What cannot be written is left out: nobody's question fails for it.
void keep_answers(const std::string& private_root, const std::vector<AskedAnswer>& answers);

/// In the order in which they were asked for. Lines that make no sense are left out.
std::vector<AskedAnswer> kept_answers(const std::string& private_root);

}  // namespace pcargo::record
