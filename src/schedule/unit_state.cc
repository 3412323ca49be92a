// SPDX-License-Identifier: MIT OR Apache-2.0
#include "schedule/unit_state.h"

namespace pcargo::schedule {

bool is_final(UnitState state) {
  return state >= UnitState::kDone;
}

bool is_before_start(UnitState state) {
  return state <= UnitState::kQueued;
}

bool is_live(UnitState state) {
  return !is_before_start(state) && !is_final(state);
}

bool holds_slot(UnitState state) {
  return state == UnitState::kRunning || state == UnitState::kLinking;
}

bool holds_memory(UnitState state) {
  return holds_slot(state) || state == UnitState::kAwaitingLink;
}

bool may_follow(UnitState from, UnitState to) {
  using enum UnitState;
  switch (from) {
    case kWaiting:
      return to == kReady || to == kSkipped;
    case kReady:
      return to == kChecking || to == kSkipped;
    case kChecking:
      return to == kWaiting || to == kQueued || to == kDone || to == kSkipped;
    case kQueued:
      return to == kRunning || to == kSkipped;
    case kRunning:
      return to == kAwaitingLink || to == kAwaitingRoom || to == kDone || to == kFailed || to == kCancelled;
    case kAwaitingLink:
      return to == kLinking || to == kAwaitingRoom || to == kDone || to == kFailed || to == kCancelled;
    case kLinking:
      return to == kAwaitingRoom || to == kDone || to == kFailed || to == kCancelled;
    case kAwaitingRoom:
      return to == kRunning || to == kDone || to == kFailed || to == kCancelled;
    case kDone:
    case kFailed:
    case kCancelled:
    case kSkipped:
      return false;
  }
  return false;
}

const char* name_of(UnitState state) {
  switch (state) {
    case UnitState::kWaiting:
      return "waiting";
    case UnitState::kReady:
      return "ready";
    case UnitState::kChecking:
      return "checking";
    case UnitState::kQueued:
      return "queued";
    case UnitState::kRunning:
      return "running";
    case UnitState::kAwaitingLink:
      return "awaiting-link";
    case UnitState::kLinking:
      return "linking";
    case UnitState::kAwaitingRoom:
      return "awaiting-room";
    case UnitState::kDone:
      return "done";
    case UnitState::kFailed:
      return "failed";
    case UnitState::kCancelled:
      return "cancelled";
    case UnitState::kSkipped:
      return "skipped";
  }
  return "unknown";
}

}  // namespace pcargo::schedule
