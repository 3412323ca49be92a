// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/build_order.h"

#include "graph/critical_path.h"
#include "record/simulation.h"
#include "schedule/order_search.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

namespace pcargo::cli {

namespace {

/// On few cores work has to be packed without gaps, which no longest way counts; on more of them no search has beaten
/// it by times that are guessed (`tests/bench/simulated_builds.py`, with a larger number here).
constexpr int kFewCores = 2;
constexpr std::size_t kWorlds = 4;
constexpr double kSpread = 0.25;

/// Would the largest that may be under way at once, twice as many late ones included, take more? Costs next to nothing.
bool may_be_short(const IdMap<UnitId, std::int64_t>& peaks, std::size_t jobs, std::int64_t memory) {
  std::vector<std::int64_t> largest(peaks.begin(), peaks.end());
  const auto end = largest.begin() + static_cast<std::ptrdiff_t>(std::min(largest.size(), 3 * jobs));
  std::partial_sort(largest.begin(), end, largest.end(), std::greater<>());
  return std::accumulate(largest.begin(), end, std::int64_t{0}) > memory;
}

/// Has most of the work been measured, unit by unit?
bool is_known(const record::Estimates& estimates) {
  std::int64_t known = 0;
  std::int64_t all = 0;
  for (const auto& unit : estimates) {
    all += unit.one_thread.total();
    known += unit.from == record::Estimate::From::kThisUnit ? unit.one_thread.total() : 0;
  }
  return 2 * known > all;
}

}  // namespace

IdMap<UnitId, std::int64_t> build_order(const graph::ActionGraph& graph,
                                        const record::Estimates& estimates,
                                        const OrderQuestion& question) {
  const auto& [jobs, memory, builds_all] = question;
  const auto cores = static_cast<unsigned>(jobs);
  auto peaks = record::peaks(estimates);
  const bool may_lack_memory = memory && may_be_short(peaks, cores, *memory);
  const bool is_searched = builds_all && jobs > 1 && (jobs <= kFewCores || is_known(estimates));
  if (!may_lack_memory && !is_searched) {
    return graph::longest_remaining(graph, record::on_free_cores(estimates, cores));
  }
  auto input = record::simulation_of(graph, estimates, jobs);
  input.peaks = std::move(peaks);
  const bool lacks_memory = may_lack_memory && schedule::simulate(graph, input).most_memory > *memory;
  const std::size_t trials = schedule::order_trials(graph.size());
  if (lacks_memory) {
    input.memory = *memory;
    return schedule::search_order(graph, std::move(input), {}, trials);
  }
  if (!is_searched) {
    return std::move(input.priority);
  }
  const auto worlds = schedule::worlds_around(input.durations, kWorlds, kSpread);
  return schedule::search_order(graph, std::move(input), worlds, trials);
}

}  // namespace pcargo::cli
