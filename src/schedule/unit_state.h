// SPDX-License-Identifier: MIT OR Apache-2.0
// Where a unit is in its life, and which states may follow which. The scheduler's table of states, nothing else.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pcargo::schedule {

/// Each state says what is true of a unit in it.
enum class UnitState : std::uint8_t {
  /// Some milestone it needs has not been reached: one that an edge waits for or, after the answer kUndecided, the
  /// closure of everything below.
  kWaiting,
  /// All it waited for is reached. It may be checked; that says nothing yet about whether it must run. Lasts for a part
  /// of one event only.
  kReady,
  /// A Check was issued and not answered. Holds no slot.
  kChecking,
  /// It must run and has no slot yet. Nothing it depends on has failed.
  kQueued,
  /// Started, not finished; holds a slot. Its metadata may have been reached.
  kRunning,
  /// Its objects are made and its process waits at the link gate. Holds no slot. It may be ranked among the queued,
  /// once
  /// the closure of everything below is reached.
  kAwaitingLink,
  /// The closure of everything below is reached and the gate was opened; holds a slot again.
  kLinking,
  /// It was killed for memory and is to run again, alone. Has no process, holds no slot.
  kAwaitingRoom,

  // Final states. No unit ever leaves them.

  /// It ran with success or needed no run; all its own milestones are reached.
  kDone,
  /// It ran and failed.
  kFailed,
  /// It was started and ended early, without a result.
  kCancelled,
  /// It was never started: something it depends on failed, or the build was ending.
  kSkipped,
};

inline constexpr std::size_t kUnitStateCount = 12;

bool is_final(UnitState state);

/// Neither started nor final.
bool is_before_start(UnitState state);

/// Started, and must be reported as Finished.
bool is_live(UnitState state);

bool holds_slot(UnitState state);

bool holds_memory(UnitState state);

/// Is the step from one state to the other in the table of states?
bool may_follow(UnitState from, UnitState to);

const char* name_of(UnitState state);

}  // namespace pcargo::schedule
