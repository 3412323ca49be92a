// SPDX-License-Identifier: MIT OR Apache-2.0
#include "schedule/order_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <utility>

namespace pcargo::schedule {

namespace {

/// Of all worlds together; beyond `most` some may be left out.
std::int64_t makespan(const graph::ActionGraph& graph,
                      const std::vector<graph::Durations>& worlds,
                      std::int64_t most,
                      SimulationInput* input) {
  if (worlds.empty()) {
    return simulate(graph, *input).makespan;
  }
  std::int64_t sum = 0;
  for (auto world = worlds.begin(); world != worlds.end() && sum <= most; ++world) {
    input->durations = *world;
    sum += simulate(graph, *input).makespan;
  }
  return sum;
}

}  // namespace

IdMap<UnitId, std::int64_t> search_order(const graph::ActionGraph& graph,
                                         SimulationInput input,
                                         const std::vector<graph::Durations>& worlds,
                                         std::size_t trials) {
  input.keeps_exchanges = false;
  if (graph.size() == 0) {
    return std::move(input.priority);
  }
  std::mt19937_64 random;  // NOLINT: always the same, or no build could be repeated
  const auto any = [&] { return UnitId{static_cast<std::uint32_t>(random() % graph.size())}; };
  std::int64_t best = makespan(graph, worlds, std::numeric_limits<std::int64_t>::max(), &input);
  for (std::size_t trial = 0; trial < trials; ++trial) {
    std::vector<std::pair<UnitId, std::int64_t>> moved;
    for (auto moves = 1 + random() % 3; moves > 0; --moves) {
      const UnitId unit = any();
      moved.emplace_back(unit, input.priority[unit]);
      input.priority[unit] = input.priority[any()] + static_cast<std::int64_t>(random() % 3) - 1;
    }
    const std::int64_t found = makespan(graph, worlds, best, &input);
    if (found <= best) {
      best = found;
      continue;
    }
    for (auto undo = moved.rbegin(); undo != moved.rend(); ++undo) {
      input.priority[undo->first] = undo->second;
    }
  }
  return std::move(input.priority);
}

std::vector<graph::Durations> worlds_around(const graph::Durations& durations, std::size_t count, double spread) {
  std::mt19937_64 random;  // NOLINT: as above
  std::normal_distribution<double> distance(0, std::log1p(spread));
  std::vector<graph::Durations> worlds(count, durations);
  for (std::size_t world = 1; world < count; ++world) {
    for (graph::PhaseDurations& unit : worlds[world]) {
      const double factor = std::exp(distance(random));
      for (std::int64_t* phase : {&unit.frontend, &unit.codegen, &unit.link}) {
        *phase = static_cast<std::int64_t>(static_cast<double>(*phase) * factor);
      }
    }
  }
  return worlds;
}

std::size_t order_trials(std::size_t units) {
  constexpr std::size_t kMost = 200;
  constexpr std::size_t kUnits = 40'000;  // a trial of ten thousand takes some 10 ms
  return std::min(kMost, kUnits / std::max(units, std::size_t{1}));
}

}  // namespace pcargo::schedule
