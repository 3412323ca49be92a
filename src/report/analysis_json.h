// SPDX-License-Identifier: MIT OR Apache-2.0
// What follows from a build's events, for `pcargo timings --format=json`: advice, gap, parts, gains.
#pragma once

#include "report/timings.h"

#include <nlohmann/json_fwd.hpp>

namespace pcargo::report {

/// Fields of the document.
nlohmann::json analysis_as_json(const record::Timeline& timeline, const Timings& timings);

}  // namespace pcargo::report
