// SPDX-License-Identifier: MIT OR Apache-2.0
// Which milestones the units of a graph have reached, and whom each one wakes.
#pragma once

#include "base/ids.h"
#include "base/milestone.h"
#include "graph/action_graph.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace pcargo::schedule {

class Milestones {
 public:
  /// Who has nothing to wait for any more; in no order that means anything.
  struct Woken {
    std::vector<UnitId> startable;       ///< to start
    std::vector<UnitId> complete_below;  ///< to be linked: the closure of everything below is there
  };

  /// Nothing is reached. The graph must outlive this.
  explicit Milestones(const graph::ActionGraph& graph);

  /// Reaches it, and the closures that it completes. Each unit is woken once for each of the two; once reached, a
  /// milestone changes nothing more.
  void reach(UnitId unit, Milestone milestone, Woken* woken);

  bool is_startable(UnitId unit) const { return units_[unit].missing_to_start == 0; }
  bool is_complete_below(UnitId unit) const { return units_[unit].missing_below == 0; }

 private:
  struct Unit {
    std::uint8_t reached = 0;            ///< bit set of milestones
    std::uint32_t missing_to_start = 0;  ///< edges whose milestone is not reached
    std::uint32_t missing_below = 0;     ///< edges to units whose closure is not reached
  };

  void announce(UnitId unit, Milestone milestone, Woken* woken);
  void complete_below(UnitId unit, Woken* woken);

  const graph::ActionGraph& graph_;
  IdMap<UnitId, Unit> units_;
  std::vector<std::pair<UnitId, Milestone>> to_announce_;
};

}  // namespace pcargo::schedule
