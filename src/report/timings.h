// SPDX-License-Identifier: MIT OR Apache-2.0
// What a build waited for, and what would make it shorter: `pcargo timings`. Pure: journals in, text out.
#pragma once

#include "base/result.h"
#include "graph/built_path.h"
#include "record/timeline_estimates.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::report {

/// All times are microseconds.
struct Timings {
  std::vector<graph::PathStep> path;   ///< from the end of planning to the end of the last unit, without a gap
  record::Microseconds simulated = 0;  ///< this build, as the simulator has it
  record::Microseconds bound = 0;      ///< no order is faster on these cores
  record::Microseconds unlimited = 0;  ///< nor on any number of them
  struct Gain {
    UnitId unit;
    record::Microseconds won = 0;  ///< if it took no time, on these cores
  };
  std::vector<Gain> gains;  ///< the largest first; those below a thousandth of the build are left out
};

Timings analyse(const record::Timeline& timeline);

/// Zero for those that are not among them.
IdMap<UnitId, record::Microseconds> gains_by_unit(const record::Timeline& timeline, const Timings& timings);

/// `when`: the build's time as text. Fits `columns`.
std::string timings_as_text(const record::Timeline& timeline,
                            const Timings& timings,
                            std::string_view when,
                            unsigned columns);

/// "built in 21.40 s; best possible here 20.90 s; the path: serde_derive -> ... -> app", with arrows: packages that
/// took a tenth of the build on its path, in its order.
std::string timings_line(const record::Timeline& timeline, const Timings& timings);

/// Format 1: all that is known, times in microseconds since the command began.
std::string timings_as_json(const record::Timeline& timeline, const Timings& timings);

/// A line for each unit, fields named as in the JSON; RFC 4180.
std::string timings_as_csv(const record::Timeline& timeline, const Timings& timings);

/// A summary for a page of a CI service; at most some forty steps of the path.
std::string timings_as_markdown(const record::Timeline& timeline, const Timings& timings, std::string_view when);

/// Chrome's trace events as JSON.
std::string timings_as_trace(const record::Timeline& timeline, const Timings& timings);

/// One HTML file that needs no other and no network.
std::string timings_as_page(const record::Timeline& timeline, const Timings& timings, std::string_view when);

/// "serde_derive 1.0.2 (build script)"
std::string unit_label(const record::UnitName& name);

}  // namespace pcargo::report
