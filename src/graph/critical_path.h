// SPDX-License-Identifier: MIT OR Apache-2.0
// Questions about time on an ActionGraph, with as many cores as wanted: longest remaining path, critical path, slack.
// Units are split into their phases, so that what waits for metadata hangs on the frontend and what waits for the
// artifact on the last phase. Knows nothing of cores or of who runs when: that is the simulator.
#pragma once

#include "base/ids.h"
#include "graph/action_graph.h"

#include <cstdint>
#include <vector>

namespace pcargo::graph {

/// How long each phase of a unit takes, in nanoseconds, never negative. What a unit has no phase for counts in the last
/// one that it has: all three together are the one piece of a Phases::kWhole unit.
struct PhaseDurations {
  std::int64_t frontend = 0;
  std::int64_t codegen = 0;
  std::int64_t link = 0;

  std::int64_t total() const { return frontend + codegen + link; }
  bool operator==(const PhaseDurations&) const = default;
};

using Durations = IdMap<UnitId, PhaseDurations>;

/// The same time, put where a unit with these phases spends it.
PhaseDurations fit(Phases phases, PhaseDurations durations);

/// The longest way to the end of the build, from the start of each phase and from each milestone.
struct Remaining {
  std::int64_t frontend = 0;
  std::int64_t codegen = 0;
  std::int64_t link = 0;
  std::int64_t after_metadata = 0;  ///< by dependents alone, without the unit's own codegen
  std::int64_t after_artifact = 0;
  std::int64_t after_closure = 0;
};
IdMap<UnitId, Remaining> remaining_times(const ActionGraph& graph, const Durations& durations);

/// For each unit the time from its start to the end of the build on the longest way, its own time included.
IdMap<UnitId, std::int64_t> longest_remaining(const ActionGraph& graph, const Durations& durations);

/// The order of work when nothing is known about durations: longest remaining path, every unit weighs one.
IdMap<UnitId, std::int64_t> equal_weight_priority(const ActionGraph& graph);

/// When each thing happens if every unit starts as soon as it may.
struct EarliestTimes {
  std::int64_t start = 0;
  std::int64_t metadata = 0;    ///< codegen starts here; equals `artifact` for Phases::kWhole
  std::int64_t link_start = 0;  ///< equals `artifact` where there is no link phase
  std::int64_t artifact = 0;
  std::int64_t closure = 0;
};
IdMap<UnitId, EarliestTimes> earliest_times(const ActionGraph& graph, const Durations& durations);

std::int64_t reached_at(const EarliestTimes& times, Milestone milestone);

struct CriticalStep {
  UnitId unit;
  Phase phase = Phase::kFrontend;
  std::int64_t duration = 0;

  bool operator==(const CriticalStep&) const = default;
};

/// One longest chain of phases, in the order of time; of several, the one that lower ids make. Steps that take no time
/// may be missing. `length` is the sum of the steps: no build is shorter, on any number of cores.
struct CriticalPath {
  std::int64_t length = 0;
  std::vector<CriticalStep> steps;
};
CriticalPath critical_path(const ActionGraph& graph, const Durations& durations);

/// How much later each phase may start without making the build longer than its critical path.
struct PhaseSlack {
  std::int64_t frontend = 0;
  std::int64_t codegen = 0;
  std::int64_t link = 0;
};
IdMap<UnitId, PhaseSlack> slack(const ActionGraph& graph, const Durations& durations);

}  // namespace pcargo::graph
