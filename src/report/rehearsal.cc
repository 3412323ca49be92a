// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/rehearsal.h"

#include "report/changed_build.h"

#include <algorithm>

namespace pcargo::report {

using record::Microseconds;

Rehearsal::Rehearsal(const record::Timeline& timeline)
    : timeline_(timeline),
      estimates_(record::estimates_of(timeline, record::Counted::kPassed)),
      wall_(wall_on(cores())) {}

Microseconds Rehearsal::won_without(std::span<const UnitId> units) {
  std::vector<graph::PhaseDurations> kept;
  for (const UnitId unit : units) {
    kept.push_back(estimates_[unit].one_thread);
    estimates_[unit].one_thread = {};
  }
  const Microseconds won = wall_ - wall_on(cores());
  Microseconds ran = 0;
  for (std::size_t i = 0; i < units.size(); ++i) {
    estimates_[units[i]].one_thread = kept[i];
    const auto& times = timeline_.units[units[i]];
    ran += times.start ? times.finish.value_or(timeline_.end) - *times.start : 0;
  }
  return std::clamp<Microseconds>(won, 0, ran);
}

Microseconds Rehearsal::won_by_splitting(UnitId unit) const {
  ChangedBuild halved(timeline_, record::Counted::kPassed);
  halved.split({unit}, 2);
  const auto makespan = halved.makespans({cores()}).front().likely;
  return std::max<Microseconds>(wall_ - (timeline_.head.planned + makespan / 1000 + tail_of(timeline_)), 0);
}

Microseconds Rehearsal::work(std::span<const UnitId> units) const {
  Microseconds sum = 0;
  for (const UnitId unit : units) {
    sum += work(unit);
  }
  return sum;
}

std::size_t Rehearsal::affordable(std::size_t wanted) const {
  constexpr std::size_t kMostSimulatedUnits = 100'000;
  return std::clamp<std::size_t>(kMostSimulatedUnits / std::max<std::size_t>(estimates_.size(), 1), 1, wanted);
}

}  // namespace pcargo::report
