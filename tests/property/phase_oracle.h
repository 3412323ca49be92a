// SPDX-License-Identifier: MIT OR Apache-2.0
// The naive version of graph/critical_path: every phase is a node, every "needs all below" an edge to each unit below,
// and longest paths are found by repeating until nothing changes.
#pragma once

#include "graph/critical_path.h"
#include "story_graph.h"

#include <cstdint>
#include <vector>

namespace pcargo::test {

/// below[u][v]: does u depend on v, however far?
std::vector<std::vector<bool>> everything_below(const NodeMap& nodes);

class PhaseOracle {
 public:
  PhaseOracle(const NodeMap& nodes, const graph::Durations& durations);

  std::int64_t earliest_start(UnitId unit, graph::Phase phase) const { return earliest_[index(unit, phase)]; }
  std::int64_t remaining(UnitId unit, graph::Phase phase) const { return remaining_[index(unit, phase)]; }
  std::int64_t length() const;

  /// Must the second phase wait for the first, directly or through phases that take no time?
  bool follows(UnitId first, graph::Phase first_phase, UnitId second, graph::Phase second_phase) const;

 private:
  static std::size_t index(UnitId unit, graph::Phase phase) { return unit.value * 3 + static_cast<std::size_t>(phase); }
  void connect(std::size_t from, std::size_t to) { next_[from].push_back(to); }

  std::vector<std::int64_t> duration_;
  std::vector<std::vector<std::size_t>> next_;
  std::vector<std::int64_t> earliest_;
  std::vector<std::int64_t> remaining_;
};

}  // namespace pcargo::test
