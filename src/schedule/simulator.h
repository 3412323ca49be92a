// SPDX-License-Identifier: MIT OR Apache-2.0
// Drives the Scheduler with a virtual clock and a table of durations: what would this build take on N cores? Knows
// nothing of processes; the result is a pure function of its input. Codegen may be elastic
// (schedule/elastic_codegen.h): a compiler's threads take slots that the scheduler leaves, and keep them as long as
// they have work.
#pragma once

#include "base/ids.h"
#include "base/milestone.h"
#include "graph/action_graph.h"
#include "graph/critical_path.h"
#include "schedule/scheduler.h"

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

namespace pcargo::schedule {

struct SimulationInput {
  IdMap<UnitId, std::int64_t> priority;
  graph::Durations durations;  ///< of a failing unit: until it fails, at the end of its last phase
  int slots = 1;               ///< all that exist, the implicit one included
  /// How many threads a unit's codegen can use, each with a codegen unit; empty: one each. Its duration is what one of
  /// them would take. Of a unit that is whole all is such work: a build script that compiles with as many processes.
  IdMap<UnitId, unsigned> codegen_threads = {};
  double serial_share = 0;  ///< of codegen, which more threads do not shorten
  /// What the scheduler is told to stay below, and what it believes that each unit takes; empty: nothing.
  std::int64_t memory = std::numeric_limits<std::int64_t>::max();
  IdMap<UnitId, std::int64_t> peaks = {};
  IdMap<UnitId, std::int64_t> true_peaks = {};  ///< empty: as believed
  /// Of who waits for a slot the scheduler comes first, as in our own pool; false: who has waited longest, as in a pipe
  /// that all read from.
  bool scheduler_first = true;
  bool keep_going = false;
  bool keeps_exchanges = true;           ///< else Schedule::exchanges is empty: who simulates often saves half the time
  IdMap<UnitId, Outcome> outcomes = {};  ///< of units that run; empty: all succeed
  std::optional<std::int64_t> stop_at = {};  ///< an interrupt at this time; what is cancelled ends at once
  /// Answers a Check; empty: kMustRun.
  std::function<CheckAnswer(UnitId)> check = {};
};

/// Times in the unit of the durations; nullopt where it never happened.
struct UnitTimes {
  std::optional<std::int64_t> start;
  std::optional<std::int64_t> metadata;
  std::optional<std::int64_t> objects;  ///< late-linked units only
  std::optional<std::int64_t> link_start;
  std::optional<std::int64_t> finish;  ///< also of units that were found done: when that was known
  UnitState end = UnitState::kWaiting;
};

/// One call of the scheduler. The first has no event: it is `begin`.
struct Exchange {
  std::optional<Event> event;
  std::vector<Decision> decisions;

  bool operator==(const Exchange&) const = default;
};

/// Who ran when, and how long it all took.
struct Schedule {
  IdMap<UnitId, UnitTimes> units;
  std::int64_t makespan = 0;
  std::int64_t most_memory = 0;  ///< that was truly taken at once
  Outcome outcome = Outcome::kSuccess;
  std::vector<Exchange> exchanges;  ///< everything said between world and scheduler, in order
};

Schedule simulate(const graph::ActionGraph& graph, const SimulationInput& input);

}  // namespace pcargo::schedule
