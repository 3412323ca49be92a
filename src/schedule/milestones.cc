// SPDX-License-Identifier: MIT OR Apache-2.0
#include "schedule/milestones.h"

namespace pcargo::schedule {

namespace {

constexpr std::uint8_t bit(Milestone milestone) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(milestone));
}

}  // namespace

Milestones::Milestones(const graph::ActionGraph& graph) : graph_(graph), units_(graph.size()) {
  for (UnitId unit{0}; unit.value < units_.size(); ++unit.value) {
    const auto edges = static_cast<std::uint32_t>(graph.dependencies(unit).size());
    units_[unit].missing_to_start = edges;
    units_[unit].missing_below = edges;
  }
}

void Milestones::reach(UnitId unit, Milestone milestone, Woken* woken) {
  to_announce_.push_back({unit, milestone});
  while (!to_announce_.empty()) {
    const auto [next, its_milestone] = to_announce_.back();
    to_announce_.pop_back();
    announce(next, its_milestone, woken);
  }
}

void Milestones::announce(UnitId id, Milestone milestone, Woken* woken) {
  Unit& unit = units_[id];
  if ((unit.reached & bit(milestone)) != 0) {
    return;
  }
  unit.reached |= bit(milestone);
  if (milestone == Milestone::kArtifact && unit.missing_below == 0) {
    to_announce_.push_back({id, Milestone::kClosure});
  }
  for (const graph::Edge& edge : graph_.dependents(id)) {
    if (edge.waits == milestone && --units_[edge.unit].missing_to_start == 0) {
      woken->startable.push_back(edge.unit);
    }
    if (milestone == Milestone::kClosure && --units_[edge.unit].missing_below == 0) {
      complete_below(edge.unit, woken);
    }
  }
}

void Milestones::complete_below(UnitId unit, Woken* woken) {
  woken->complete_below.push_back(unit);
  if ((units_[unit].reached & bit(Milestone::kArtifact)) != 0) {
    to_announce_.push_back({unit, Milestone::kClosure});
  }
}

}  // namespace pcargo::schedule
