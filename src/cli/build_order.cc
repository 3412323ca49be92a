// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/build_order.h"

#include "graph/critical_path.h"
#include "schedule/order_search.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

namespace pcargo::cli {

namespace {

/// Would the largest that may be under way at once, twice as many late ones included, take more? Costs next to nothing.
bool may_be_short(const IdMap<UnitId, std::int64_t>& peaks, std::size_t jobs, std::int64_t memory) {
  std::vector<std::int64_t> largest(peaks.begin(), peaks.end());
  const auto end = largest.begin() + static_cast<std::ptrdiff_t>(std::min(largest.size(), 3 * jobs));
  std::partial_sort(largest.begin(), end, largest.end(), std::greater<>());
  return std::accumulate(largest.begin(), end, std::int64_t{0}) > memory;
}

}  // namespace

IdMap<UnitId, std::int64_t> build_order(const plan::BuildPlan& plan,
                                        const record::Estimates& estimates,
                                        std::optional<std::int64_t> memory) {
  const auto& graph = plan.actions();
  const int jobs = plan.settings().jobs;
  schedule::SimulationInput input;
  input.priority = graph::longest_remaining(graph, record::on_free_cores(estimates, static_cast<unsigned>(jobs)));
  input.peaks = record::peaks(estimates);
  if (!memory || !may_be_short(input.peaks, static_cast<std::size_t>(jobs), *memory)) {
    return std::move(input.priority);
  }
  input.durations = record::on_free_cores(estimates, 1);
  input.slots = jobs;
  input.serial_share = record::kSerialShare;
  for (const auto& one : estimates) {
    input.codegen_threads.push_back(one.threads);
  }
  if (schedule::simulate(graph, input).most_memory <= *memory) {
    return std::move(input.priority);
  }
  input.memory = *memory;
  return schedule::search_order(graph, std::move(input), schedule::order_trials(graph.size()));
}

}  // namespace pcargo::cli
