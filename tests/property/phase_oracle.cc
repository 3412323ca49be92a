// SPDX-License-Identifier: MIT OR Apache-2.0
#include "phase_oracle.h"

#include <algorithm>

namespace pcargo::test {

namespace {

using graph::Edge;
using graph::Phase;
using graph::Phases;

/// The phase at whose end the milestone of this unit is reached.
Phase last_phase_before(Phases phases, Milestone milestone) {
  if (phases == Phases::kWhole || milestone == Milestone::kMetadata) {
    return Phase::kFrontend;
  }
  return phases == Phases::kPipelined ? Phase::kCodegen : Phase::kLink;
}

}  // namespace

std::vector<std::vector<bool>> everything_below(const NodeMap& nodes) {
  std::vector<std::vector<bool>> below(nodes.size(), std::vector<bool>(nodes.size()));
  for (bool changed = true; changed;) {
    changed = false;
    for (UnitId unit{0}; unit.value < nodes.size(); ++unit.value) {
      std::vector<bool> before = below[unit.value];
      for (const Edge& edge : nodes[unit].dependencies) {
        below[unit.value][edge.unit.value] = true;
        for (std::size_t i = 0; i < nodes.size(); ++i) {
          below[unit.value][i] = below[unit.value][i] || below[edge.unit.value][i];
        }
      }
      changed = changed || before != below[unit.value];
    }
  }
  return below;
}

PhaseOracle::PhaseOracle(const NodeMap& nodes, const graph::Durations& durations)
    : duration_(nodes.size() * 3), next_(nodes.size() * 3), earliest_(nodes.size() * 3), remaining_(nodes.size() * 3) {
  auto below = everything_below(nodes);
  auto end_of = [&](UnitId unit, Milestone milestone) {
    return index(unit, last_phase_before(nodes[unit].phases, milestone));
  };
  auto after_all_from = [&](UnitId dependency, std::size_t phase) {
    connect(end_of(dependency, Milestone::kArtifact), phase);
    for (UnitId deep{0}; deep.value < nodes.size(); ++deep.value) {
      if (below[dependency.value][deep.value]) {
        connect(end_of(deep, Milestone::kArtifact), phase);
      }
    }
  };
  for (UnitId unit{0}; unit.value < nodes.size(); ++unit.value) {
    duration_[index(unit, Phase::kFrontend)] = durations[unit].frontend;
    duration_[index(unit, Phase::kCodegen)] = durations[unit].codegen;
    duration_[index(unit, Phase::kLink)] = durations[unit].link;
    connect(index(unit, Phase::kFrontend), index(unit, Phase::kCodegen));
    connect(index(unit, Phase::kCodegen), index(unit, Phase::kLink));
    for (const Edge& edge : nodes[unit].dependencies) {
      if (edge.waits == Milestone::kClosure) {
        after_all_from(edge.unit, index(unit, Phase::kFrontend));
      } else {
        connect(end_of(edge.unit, edge.waits), index(unit, Phase::kFrontend));
      }
      if (nodes[unit].phases == Phases::kLinking) {
        after_all_from(edge.unit, index(unit, Phase::kLink));
      }
    }
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t phase = 0; phase < duration_.size(); ++phase) {
      std::int64_t rest = 0;
      for (std::size_t next : next_[phase]) {
        rest = std::max(rest, remaining_[next]);
        if (earliest_[next] < earliest_[phase] + duration_[phase]) {
          earliest_[next] = earliest_[phase] + duration_[phase];
          changed = true;
        }
      }
      changed = changed || remaining_[phase] != rest + duration_[phase];
      remaining_[phase] = rest + duration_[phase];
    }
  }
}

std::int64_t PhaseOracle::length() const {
  return remaining_.empty() ? 0 : *std::max_element(remaining_.begin(), remaining_.end());
}

bool PhaseOracle::follows(UnitId first, Phase first_phase, UnitId second, Phase second_phase) const {
  std::vector<std::size_t> open = {index(first, first_phase)};
  std::vector<bool> seen(duration_.size());
  while (!open.empty()) {
    std::size_t phase = open.back();
    open.pop_back();
    for (std::size_t next : next_[phase]) {
      if (next == index(second, second_phase)) {
        return true;
      }
      if (duration_[next] == 0 && !seen[next]) {
        seen[next] = true;
        open.push_back(next);
      }
    }
  }
  return false;
}

}  // namespace pcargo::test
