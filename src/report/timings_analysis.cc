// SPDX-License-Identifier: MIT OR Apache-2.0
#include "graph/critical_path.h"
#include "graph/lower_bound.h"
#include "record/simulation.h"
#include "report/rehearsal.h"
#include "report/timings.h"

#include <algorithm>
#include <span>
#include <vector>

namespace pcargo::report {

namespace {

using record::Microseconds;

Microseconds to_microseconds(std::int64_t nanoseconds) {
  return nanoseconds / 1000;
}

/// Whose time is the most that can be won by them, the largest first: those above a thousandth of the build, and of a
/// very large one as many as can be simulated in a moment.
std::vector<UnitId> candidates(const record::Estimates& estimates, Microseconds wall) {
  constexpr std::size_t kMostSimulatedUnits = 500'000;
  constexpr std::size_t kFewest = 8;
  std::vector<UnitId> units;
  for (UnitId unit{0}; unit.value < estimates.size(); ++unit.value) {
    if (to_microseconds(estimates[unit].one_thread.total()) * 1000 > wall) {
      units.push_back(unit);
    }
  }
  std::stable_sort(units.begin(), units.end(), [&](UnitId a, UnitId b) {
    return estimates[a].one_thread.total() > estimates[b].one_thread.total();
  });
  const std::size_t most = std::max(kMostSimulatedUnits / std::max<std::size_t>(estimates.size(), 1), kFewest);
  units.resize(std::min(units.size(), most));
  return units;
}

}  // namespace

Microseconds tail_of(const record::Timeline& timeline) {
  Microseconds last = timeline.head.planned;
  for (const auto& unit : timeline.units) {
    if (unit.start) {
      last = std::max(last, unit.finish.value_or(timeline.end));
    }
  }
  return timeline.end - last;
}

Microseconds simulated_wall(const record::Timeline& timeline, const record::Estimates& estimates, int cores) {
  const auto makespan =
      schedule::simulate(timeline.graph, record::simulation_of(timeline.graph, estimates, cores)).makespan;
  return timeline.head.planned + to_microseconds(makespan) + tail_of(timeline);
}

IdMap<UnitId, Microseconds> gains_by_unit(const record::Timeline& timeline, const Timings& timings) {
  IdMap<UnitId, Microseconds> won(timeline.units.size(), 0);
  for (const Timings::Gain& gain : timings.gains) {
    won[gain.unit] = gain.won;
  }
  return won;
}

Timings analyse(const record::Timeline& timeline) {
  Timings timings;
  timings.path = graph::built_path(timeline.graph, record::spans_of(timeline), timeline.head.planned);

  const auto estimates = record::estimates_of(timeline);
  const int cores = timeline.head.busy_cores();
  const Microseconds around = timeline.head.planned + tail_of(timeline);
  const auto work = record::on_free_cores(estimates, 1);
  const auto fastest = record::on_free_cores(estimates, static_cast<unsigned>(cores));
  const auto anywhere = record::on_free_cores(estimates, UINT32_MAX);
  Rehearsal build(timeline);
  timings.simulated = build.wall();
  timings.bound = around + to_microseconds(graph::lower_bound(timeline.graph, fastest, work, cores));
  timings.unlimited = around + to_microseconds(graph::critical_path(timeline.graph, anywhere).length);
  const auto slowed = simulated_wall(timeline, record::estimates_of(timeline, record::Counted::kPassed), cores);
  timings.gap = gap_of(timeline, timings.path, {timings.bound - around, timings.simulated - around, slowed - around});

  for (const UnitId unit : candidates(estimates, timings.simulated)) {
    const Microseconds won = build.won_without(std::span(&unit, 1));
    if (won * 1000 > timings.simulated) {
      timings.gains.push_back({unit, won});
    }
  }
  std::stable_sort(
      timings.gains.begin(), timings.gains.end(), [](const auto& a, const auto& b) { return a.won > b.won; });
  timings.advice = advise(build, timings);
  return timings;
}

}  // namespace pcargo::report
