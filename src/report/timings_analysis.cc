// SPDX-License-Identifier: MIT OR Apache-2.0
#include "graph/critical_path.h"
#include "graph/lower_bound.h"
#include "graph/potential.h"
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
std::vector<UnitId> candidates(const Rehearsal& build) {
  constexpr std::size_t kMostSimulatedUnits = 500'000;
  constexpr std::size_t kFewest = 5;
  std::vector<UnitId> units;
  for (UnitId unit{0}; unit.value < build.timeline().units.size(); ++unit.value) {
    if (build.work(unit) * 1000 > build.wall()) {
      units.push_back(unit);
    }
  }
  std::stable_sort(units.begin(), units.end(), [&](UnitId a, UnitId b) { return build.work(a) > build.work(b); });
  const std::size_t most =
      std::max(kMostSimulatedUnits / std::max<std::size_t>(build.timeline().units.size(), 1), kFewest);
  units.resize(std::min(units.size(), most));
  return units;
}

/// What is of one unit has been simulated.
std::vector<Timings::GroupGain> gains_of(Rehearsal& build,
                                         std::vector<CrateGroup> groups,
                                         const IdMap<UnitId, Microseconds>& by_unit) {
  std::erase_if(groups, [&](const CrateGroup& one) { return build.work(one.units) * 1000 < build.wall(); });
  std::stable_sort(groups.begin(), groups.end(), [&](const CrateGroup& a, const CrateGroup& b) {
    return build.work(a.units) > build.work(b.units);
  });
  std::size_t left = build.affordable(200);
  std::vector<Timings::GroupGain> gains;
  for (CrateGroup& one : groups) {
    const bool is_known = one.units.size() == 1;
    if (!is_known && left-- == 0) {
      break;
    }
    const Microseconds won = is_known ? by_unit[one.units.front()] : build.won_without(one.units);
    if (won * 1000 > build.wall()) {
      gains.push_back({std::move(one), won});
    }
  }
  std::stable_sort(gains.begin(), gains.end(), [](const auto& a, const auto& b) { return a.won > b.won; });
  return gains;
}

/// `ordered`: without the limit.
Microseconds in_memory(const record::Timeline& timeline, const record::Estimates& estimates, Microseconds ordered) {
  const bool is_felt =
      std::any_of(timeline.units.begin(), timeline.units.end(), [](const auto& unit) { return unit.was_held; });
  if (!is_felt || timeline.head.memory_limit <= 0) {
    return ordered;
  }
  auto input = record::simulation_of(timeline.graph, estimates, timeline.head.busy_cores());
  input.memory = timeline.head.memory_limit;
  input.peaks = record::peaks(estimates);
  return timeline.head.planned + to_microseconds(schedule::simulate(timeline.graph, input).makespan) +
         tail_of(timeline);
}

void add_slack(const record::Timeline& timeline, const graph::Durations& anywhere, Timings* timings) {
  timings->slack = graph::slack(timeline.graph, anywhere);
  for (auto& one : timings->slack) {
    one = {to_microseconds(one.frontend), to_microseconds(one.codegen), to_microseconds(one.link)};
  }
  timings->unlimited_gains = graph::potential(timeline.graph, anywhere);
  for (Microseconds& gain : timings->unlimited_gains) {
    gain = to_microseconds(gain);
  }
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

Timings analyse_path(const record::Timeline& timeline) {
  Timings timings;
  timings.path = graph::built_path(timeline.graph, record::spans_of(timeline), timeline.head.planned);
  const auto estimates = record::estimates_of(timeline);
  const int cores = timeline.head.busy_cores();
  const Microseconds around = timeline.head.planned + tail_of(timeline);
  const auto work = record::on_free_cores(estimates, 1);
  const auto fastest = record::on_free_cores(estimates, static_cast<unsigned>(cores));
  const auto anywhere = record::on_free_cores(estimates, UINT32_MAX);
  timings.bound = around + to_microseconds(graph::lower_bound(timeline.graph, fastest, work, cores));
  timings.unlimited = around + to_microseconds(graph::critical_path(timeline.graph, anywhere).length);
  return timings;
}

Timings analyse(const record::Timeline& timeline) {
  Timings timings = analyse_path(timeline);
  const auto estimates = record::estimates_of(timeline);
  const int cores = timeline.head.busy_cores();
  const Microseconds around = timeline.head.planned + tail_of(timeline);
  Rehearsal build(timeline);
  timings.rehearsed = build.wall();
  timings.simulated = simulated_wall(timeline, estimates, cores);
  timings.gap = gap_of(timeline,
                       timings.path,
                       {timings.bound - around,
                        timings.simulated - around,
                        in_memory(timeline, estimates, timings.simulated) - around,
                        timings.rehearsed - around});

  for (const UnitId unit : candidates(build)) {
    const Microseconds won = build.won_without(std::span(&unit, 1));
    if (won * 1000 > timings.rehearsed) {
      timings.gains.push_back({unit, won});
    }
  }
  std::stable_sort(
      timings.gains.begin(), timings.gains.end(), [](const auto& a, const auto& b) { return a.won > b.won; });
  const auto by_unit = gains_by_unit(timeline, timings);
  timings.crates = gains_of(build, crates(timeline), by_unit);
  timings.packages = gains_of(build, packages(timeline), by_unit);
  add_slack(timeline, record::on_free_cores(estimates, UINT32_MAX), &timings);
  timings.advice = advise(build, timings);
  return timings;
}

}  // namespace pcargo::report
