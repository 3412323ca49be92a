// SPDX-License-Identifier: MIT OR Apache-2.0
#include "schedule/order_search.h"

#include <algorithm>
#include <random>
#include <utility>

namespace pcargo::schedule {

IdMap<UnitId, std::int64_t> search_order(const graph::ActionGraph& graph, SimulationInput input, std::size_t trials) {
  if (graph.size() == 0) {
    return std::move(input.priority);
  }
  std::mt19937_64 random;  // NOLINT: always the same, or no build could be repeated
  const auto any = [&] { return UnitId{static_cast<std::uint32_t>(random() % graph.size())}; };
  std::int64_t best = simulate(graph, input).makespan;
  for (std::size_t trial = 0; trial < trials; ++trial) {
    std::vector<std::pair<UnitId, std::int64_t>> moved;
    for (auto moves = 1 + random() % 3; moves > 0; --moves) {
      const UnitId unit = any();
      moved.emplace_back(unit, input.priority[unit]);
      input.priority[unit] = input.priority[any()] + static_cast<std::int64_t>(random() % 3) - 1;
    }
    const std::int64_t makespan = simulate(graph, input).makespan;
    if (makespan <= best) {
      best = makespan;
      continue;
    }
    for (auto undo = moved.rbegin(); undo != moved.rend(); ++undo) {
      input.priority[undo->first] = undo->second;
    }
  }
  return std::move(input.priority);
}

std::size_t order_trials(std::size_t units) {
  constexpr std::size_t kMost = 200;
  constexpr std::size_t kUnits = 40'000;  // a trial of ten thousand takes some 10 ms
  return std::min(kMost, kUnits / std::max(units, std::size_t{1}));
}

}  // namespace pcargo::schedule
