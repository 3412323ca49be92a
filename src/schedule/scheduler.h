// SPDX-License-Identifier: MIT OR Apache-2.0
// The build as a pure state machine: events in, decisions out. No clock, no file, no process, no randomness.
#pragma once

#include "base/ids.h"
#include "base/milestone.h"
#include "graph/action_graph.h"
#include "schedule/unit_state.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <variant>
#include <vector>

namespace pcargo::schedule {

/// What a look at the unit said, before it may run.
enum class CheckAnswer : std::uint8_t {
  kDone,       ///< fresh, or found in a cache: all milestones at once
  kMustRun,    ///< dirty
  kUndecided,  ///< it links, all metadata below is unchanged, and only the artifacts can tell: ask again when they are
               ///< there
};

// What the world tells the scheduler.
struct Checked {
  UnitId unit;
  CheckAnswer answer = CheckAnswer::kMustRun;

  bool operator==(const Checked&) const = default;
};
/// kMetadata or kObjects (only a Phases::kLinking unit; it now waits at the link gate). kArtifact comes with Finished.
struct Reached {
  UnitId unit;
  Milestone milestone = Milestone::kMetadata;

  bool operator==(const Reached&) const = default;
};
/// The run is over. kSuccess says that every milestone is reached; kFailure and kCancelled that no more will be.
struct Finished {
  UnitId unit;
  Outcome outcome = Outcome::kSuccess;

  bool operator==(const Finished&) const = default;
};
/// The run was killed because memory was short. Once a unit: it runs again, alone, before anything is said of it.
struct KilledForMemory {
  UnitId unit;

  bool operator==(const KilledForMemory&) const = default;
};
/// More slots may be used from now on.
struct SlotsGranted {
  int count = 0;

  bool operator==(const SlotsGranted&) const = default;
};
/// An interrupt: start nothing more, cancel what runs.
struct StopRequested {
  bool operator==(const StopRequested&) const = default;
};
using Event = std::variant<Checked, Reached, Finished, KilledForMemory, SlotsGranted, StopRequested>;

// What the scheduler asks of the world.

/// Say whether the unit must run. Meant to be answered at once: while the answer is out, a free slot waits for it
/// rather than go to a unit of lower rank. The answer for a unit that was skipped meanwhile is ignored, so it may be
/// dropped.
struct Check {
  UnitId unit;

  bool operator==(const Check&) const = default;
};
/// Run it. Takes one slot, until Finished or Reached kObjects.
struct Start {
  UnitId unit;

  bool operator==(const Start&) const = default;
};
/// Open its link gate. It holds a slot again, until Finished.
struct PermitLink {
  UnitId unit;

  bool operator==(const PermitLink&) const = default;
};
/// Run what was killed for memory once more, in the ordinary way. It holds a slot, and nothing else runs beside it.
struct RunAlone {
  UnitId unit;

  bool operator==(const RunAlone&) const = default;
};
/// End it early. Said once per run; Finished is still expected, with whatever outcome came first.
struct Cancel {
  UnitId unit;

  bool operator==(const Cancel&) const = default;
};
/// How many more slots than it holds could be used now. Replaces the last wish; the first is 0.
struct WantSlots {
  int count = 0;

  bool operator==(const WantSlots&) const = default;
};
/// One granted slot is free and nothing is queued for it.
struct ReturnSlot {
  bool operator==(const ReturnSlot&) const = default;
};
/// The last decision: nothing runs, every unit is in a final state, every granted slot was returned. Events that come
/// later are ignored (a slot granted too late stays with the driver).
struct BuildOver {
  Outcome outcome = Outcome::kSuccess;

  bool operator==(const BuildOver&) const = default;
};
using Decision = std::variant<Check, Start, PermitLink, RunAlone, Cancel, WantSlots, ReturnSlot, BuildOver>;

struct Options {
  bool keep_going = false;  ///< after a failure, go on with everything that does not depend on it
  /// It never wishes for more than this many slots in all (-j). At least one; the first is implicit, held from the
  /// beginning and never returned.
  int max_slots = std::numeric_limits<int>::max();
  /// How many units at once may be under way whose link has to wait: each keeps its memory while it does. One more
  /// starts when nothing is missing below it any more.
  int max_late = std::numeric_limits<int>::max();
  /// Bytes. The predicted peaks of all that is under way, at a gate or not, never add up to more, unless a unit alone
  /// needs more: it runs when nothing else does.
  std::int64_t memory = std::numeric_limits<std::int64_t>::max();
};

/// Of units that wait for memory and for nothing else.
struct MemoryShortage {
  bool is_short = false;      ///< some wait now
  std::size_t ever_held = 0;  ///< how many ever had to
};

/// Costs: O(log n) for each change of state, and each edge is looked at a fixed number of times in a build. A failure
/// or a stop looks once at every unit.
class Scheduler {
 public:
  /// `priority`: higher starts first, ties by lower id. `peaks`: the memory that each unit is predicted to take, in
  /// bytes; empty: not known. The graph must outlive the scheduler.
  Scheduler(const graph::ActionGraph& graph,
            IdMap<UnitId, std::int64_t> priority,
            Options options,
            IdMap<UnitId, std::int64_t> peaks = {});
  ~Scheduler();

  /// The first decisions; call once, before any event.
  void begin(std::vector<Decision>* decisions);

  /// Takes one event, appends what to do now. Same events in, same decisions out.
  /// A unit that nobody runs or checks must not be spoken of, but for late answers to a Check: that is a broken
  /// promise.
  void handle(const Event& event, std::vector<Decision>* decisions);

  UnitState state_of(UnitId unit) const;

  /// Is the closure of everything below it reached? Else, if it may be started, it has to stop at the link gate.
  bool is_complete_below(UnitId unit) const;

  MemoryShortage memory_shortage() const;
  /// Did it ever wait for memory?
  bool was_held(UnitId unit) const;

 private:
  class Machine;
  std::unique_ptr<Machine> machine_;
};

}  // namespace pcargo::schedule
