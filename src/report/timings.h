// SPDX-License-Identifier: MIT OR Apache-2.0
// What a build waited for, and what would make it shorter: `pcargo timings`. Pure: journals in, text out.
#pragma once

#include "base/result.h"
#include "graph/built_path.h"
#include "graph/critical_path.h"
#include "record/timeline_estimates.h"
#include "report/advice.h"
#include "report/crate_groups.h"
#include "report/gap.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::report {

/// All times are microseconds.
struct Timings {
  std::vector<graph::PathStep> path;   ///< from the end of planning to the end of the last unit, without a gap
  record::Microseconds simulated = 0;  ///< this build in the simulator, each unit with what was worked for it
  record::Microseconds rehearsed = 0;  ///< the same, with the time that passed: what gains and advice are shares of
  record::Microseconds bound = 0;      ///< no order is faster on these cores
  record::Microseconds unlimited = 0;  ///< nor on any number of them
  std::vector<GapPart> gap;            ///< from `bound`, without planning and end, to the wall time
  struct Gain {
    UnitId unit;
    record::Microseconds won = 0;  ///< if it took no time, on these cores
  };
  std::vector<Gain> gains;  ///< the largest first; those below a thousandth of the build are left out
  struct GroupGain {
    CrateGroup group;
    record::Microseconds won = 0;
  };
  std::vector<GroupGain> crates;                        ///< the same of all compilations of one
  std::vector<GroupGain> packages;                      ///< and of all units of one
  IdMap<UnitId, graph::PhaseSlack> slack;               ///< of those that ran, on any number of cores
  IdMap<UnitId, record::Microseconds> unlimited_gains;  ///< there: if it took no time
  std::vector<Advice> advice;                           ///< what wins most first
};

Timings analyse(const record::Timeline& timeline);

/// The path, and what no order can beat, without simulating anything: what `timings_line` tells.
Timings analyse_path(const record::Timeline& timeline);

/// Zero for those that are not among them.
IdMap<UnitId, record::Microseconds> gains_by_unit(const record::Timeline& timeline, const Timings& timings);

struct TextOptions {
  unsigned columns = 80;
  bool all = false;  ///< each step of the path
};

/// `when`: the build's time as text.
std::string timings_as_text(const record::Timeline& timeline,
                            const Timings& timings,
                            std::string_view when,
                            TextOptions options);

/// "built in 21.40 s; best possible here 20.90 s; the path: serde_derive -> ... -> app", with arrows: packages that
/// took a tenth of the build on its path, in its order.
std::string timings_line(const record::Timeline& timeline, const Timings& timings);

/// Format 1, described in report/timings.schema.json: all that is known. ASCII, so that a terminal shows names
/// and does not obey them.
std::string timings_as_json(const record::Timeline& timeline, const Timings& timings);

/// A line for each unit, fields named as in the JSON; RFC 4180.
std::string timings_as_csv(const record::Timeline& timeline, const Timings& timings);

/// A summary for a page of a CI service; at most some thirty steps of the path.
std::string timings_as_markdown(const record::Timeline& timeline, const Timings& timings, std::string_view when);

/// Chrome's trace events as JSON.
std::string timings_as_trace(const record::Timeline& timeline, const Timings& timings);

/// One HTML file that needs no other and no network.
std::string timings_as_page(const record::Timeline& timeline, const Timings& timings, std::string_view when);

/// "serde_derive 1.0.2 (build script)"
std::string unit_label(const record::UnitName& name);

}  // namespace pcargo::report
