// SPDX-License-Identifier: MIT OR Apache-2.0
#include "graph/needed_only_by.h"

#include <algorithm>

namespace pcargo::graph {

std::vector<UnitId> needed_only_by(const ActionGraph& graph, std::span<const UnitId> units) {
  IdMap<UnitId, char> is_gone(graph.size(), 0);
  for (const UnitId unit : units) {
    is_gone[unit] = 1;
  }
  std::vector<UnitId> gone;
  // Dependents come first in this order.
  const auto& order = graph.topological_order();
  for (auto unit = order.rbegin(); unit != order.rend(); ++unit) {
    const auto dependents = graph.dependents(*unit);
    const bool nobody_is_left =
        !dependents.empty() &&
        std::all_of(dependents.begin(), dependents.end(), [&](const Edge& edge) { return is_gone[edge.unit] != 0; });
    if (nobody_is_left || is_gone[*unit] != 0) {
      is_gone[*unit] = 1;
      gone.push_back(*unit);
    }
  }
  std::sort(gone.begin(), gone.end());
  return gone;
}

}  // namespace pcargo::graph
