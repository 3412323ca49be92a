// SPDX-License-Identifier: MIT OR Apache-2.0
#include "schedule/unit_state.h"

#include <catch2/catch.hpp>

#include <set>
#include <string>
#include <vector>

namespace pcargo::schedule {
namespace {

std::vector<UnitState> all_states() {
  std::vector<UnitState> states;
  for (std::size_t i = 0; i < kUnitStateCount; ++i) {
    states.push_back(static_cast<UnitState>(i));
  }
  return states;
}

TEST_CASE("no state follows a final state, and every other has a way out") {
  for (UnitState from : all_states()) {
    bool has_exit = false;
    for (UnitState to : all_states()) {
      has_exit = has_exit || may_follow(from, to);
    }
    INFO(name_of(from));
    CHECK(has_exit == !is_final(from));
  }
}

TEST_CASE("every state is before the start, live or final, and has a name of its own") {
  std::set<std::string> names;
  for (UnitState state : all_states()) {
    CHECK(int{is_before_start(state)} + int{is_live(state)} + int{is_final(state)} == 1);
    names.insert(name_of(state));
  }
  CHECK(names.size() == kUnitStateCount);
  CHECK(names.count("unknown") == 0);
}

TEST_CASE("only what is live holds a slot and memory; at the link gate no slot, without a process neither") {
  for (UnitState state : all_states()) {
    CHECK(holds_memory(state) == (is_live(state) && state != UnitState::kAwaitingRoom));
    CHECK(holds_slot(state) == (holds_memory(state) && state != UnitState::kAwaitingLink));
  }
}

TEST_CASE("only a unit that has not started can be skipped, only a live one cancelled") {
  for (UnitState state : all_states()) {
    CHECK(may_follow(state, UnitState::kSkipped) == is_before_start(state));
    CHECK(may_follow(state, UnitState::kCancelled) == is_live(state));
  }
}

}  // namespace
}  // namespace pcargo::schedule
