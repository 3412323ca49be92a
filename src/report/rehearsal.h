// SPDX-License-Identifier: MIT OR Apache-2.0
// One build in the simulator again and again, each time with a little changed: what advice and gains are counted by.
// Units take the time that passed while they ran, not what the processor worked for them: so what is won is won by the
// clock of that day, on a machine as busy as it was.
#pragma once

#include "report/timings_simulation.h"

#include <span>
#include <vector>

namespace pcargo::report {

class Rehearsal {
 public:
  explicit Rehearsal(const record::Timeline& timeline);

  const record::Timeline& timeline() const { return timeline_; }
  int cores() const { return timeline_.head.busy_cores(); }
  /// As it was.
  record::Microseconds wall() const { return wall_; }
  record::Microseconds wall_on(int cores) const { return simulated_wall(timeline_, estimates_, cores); }
  /// How much shorter it is when these take no time; never negative, nor more than they ran for.
  record::Microseconds won_without(std::span<const UnitId> units);
  /// How much shorter it is at most when the unit, a library, is two (report/changed_build.h).
  record::Microseconds won_by_splitting(UnitId unit) const;
  /// What it would take alone on one core.
  record::Microseconds work(UnitId unit) const { return estimates_[unit].one_thread.total() / 1000; }
  record::Microseconds work(std::span<const UnitId> units) const;
  /// How many simulations an answer may take: of a large build few.
  std::size_t affordable(std::size_t wanted) const;

 private:
  const record::Timeline& timeline_;
  record::Estimates estimates_;
  record::Microseconds wall_;
};

}  // namespace pcargo::report
