// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/timeline_estimates.h"

#include <algorithm>

namespace pcargo::record {

namespace {

/// How a unit's time divides when neither it nor the journal said: about what dev builds of small crates show.
constexpr graph::PhaseDurations kUsualShares{5, 4, 1};

/// A build script that took more than one core while it ran starts compilers, with the job tokens that it gets.
constexpr double kMoreThanOneCore = 1.1;

Measurement measurement_of(const UnitTimes& unit) {
  constexpr std::int64_t kNanoseconds = 1000;
  const Microseconds waited = unit.link && unit.objects ? *unit.link - *unit.objects : 0;
  Measurement measured;
  measured.total = std::max<std::int64_t>((*unit.finish - *unit.start - waited) * kNanoseconds, 1);
  measured.metadata = unit.metadata ? (*unit.metadata - *unit.start) * kNanoseconds : 0;
  measured.objects = unit.objects ? (*unit.objects - *unit.start) * kNanoseconds : 0;
  measured.cpu = unit.cpu_us * kNanoseconds;
  measured.peak_bytes = unit.peak_kib * 1024;
  return measured;
}

}  // namespace

Estimates estimates_of(const Timeline& timeline, Counted counted) {
  Estimates estimates(timeline.units.size());
  for (UnitId id{0}; id.value < estimates.size(); ++id.value) {
    const UnitTimes& unit = timeline.units[id];
    Estimate& one = estimates[id];
    one.threads = timeline.codegen_threads[id];
    if (unit.start && unit.finish) {
      auto measured = measurement_of(unit);
      if (counted == Counted::kPassed) {
        measured.cpu = std::max(measured.cpu, measured.total);
      }
      one.from = Estimate::From::kThisUnit;
      const bool is_told = !timeline.expected.empty() && timeline.expected[id].one_thread.total() > 0;
      const auto& shares = is_told ? timeline.expected[id].one_thread : kUsualShares;
      one.one_thread = one_thread(measured, timeline.graph.phases(id), shares);
      if (timeline.names[id].mode == "run-custom-build" &&
          static_cast<double>(measured.cpu) > kMoreThanOneCore * static_cast<double>(measured.total)) {
        one.one_thread = {0, measured.cpu, 0};  // which more cores shorten
        one.threads = kScriptProcesses;
      }
      one.peak_bytes = measured.peak_bytes;
    }
  }
  return estimates;
}

IdMap<UnitId, std::optional<graph::Span>> spans_of(const Timeline& timeline) {
  IdMap<UnitId, std::optional<graph::Span>> spans(timeline.units.size());
  for (UnitId id{0}; id.value < spans.size(); ++id.value) {
    const UnitTimes& unit = timeline.units[id];
    if (!unit.start) {
      continue;
    }
    const Microseconds finish = unit.finish.value_or(timeline.end);
    const Microseconds objects = unit.objects.value_or(finish);
    const Microseconds metadata = std::min(unit.metadata.value_or(objects), objects);
    spans[id] = graph::Span{
        *unit.start, metadata, objects, std::max(unit.link.value_or(finish), objects), finish, unit.was_held};
  }
  return spans;
}

}  // namespace pcargo::record
