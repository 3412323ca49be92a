// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/parallelism.h"

#include "record/timeline_estimates.h"

#include <algorithm>
#include <map>
#include <utility>

namespace pcargo::report {

using record::Microseconds;

namespace {

struct Mark {
  Microseconds at = 0;
  UnitId unit;

  auto operator<=>(const Mark&) const = default;
};

/// When units showed metadata or ended.
std::vector<Mark> marks_of(const record::Timeline& timeline) {
  std::vector<Mark> marks;
  const auto spans = record::spans_of(timeline);
  for (UnitId unit{0}; unit.value < spans.size(); ++unit.value) {
    if (const auto& span = spans[unit]) {
      marks.push_back({span->finish, unit});
      if (span->metadata < span->finish) {
        marks.push_back({span->metadata, unit});
      }
    }
  }
  std::sort(marks.begin(), marks.end());
  return marks;
}

}  // namespace

std::vector<Running> running_units(const record::Timeline& timeline) {
  std::map<Microseconds, int> changes{{timeline.head.planned, 0}};
  for (const auto& span : record::spans_of(timeline)) {
    if (span) {
      ++changes[span->start];
      --changes[span->objects];
      ++changes[span->link];
      --changes[span->finish];
    }
  }
  std::vector<Running> running;
  int units = 0;
  for (const auto& [at, change] : changes) {
    units += change;
    if (running.empty() || running.back().units != units) {
      running.push_back({at, units});
    }
  }
  return running;
}

std::vector<IdleStretch> idle_stretches(const record::Timeline& timeline, std::size_t most) {
  const int cores = timeline.head.busy_cores();
  const auto running = running_units(timeline);
  const auto marks = marks_of(timeline);
  std::vector<IdleStretch> stretches;
  bool is_idle = false;
  for (std::size_t i = 0; i + 1 < running.size(); ++i) {
    const int idle = cores - running[i].units;
    if (idle > 0) {
      if (!is_idle) {
        stretches.push_back({running[i].from, 0, 0, {}});
      }
      stretches.back().to = running[i + 1].from;
      stretches.back().core_time += idle * (running[i + 1].from - running[i].from);
    }
    is_idle = idle > 0;
  }
  std::erase_if(stretches, [&](IdleStretch& one) {
    const auto behind = std::upper_bound(marks.begin(), marks.end(), Mark{one.to, UnitId{UINT32_MAX}});
    const bool is_known = behind != marks.begin() && std::prev(behind)->at > one.from;
    one.ended_by = is_known ? std::prev(behind)->unit : UnitId{};
    return !is_known;  // nobody was waited for: processes were being started
  });
  std::stable_sort(stretches.begin(), stretches.end(), [](const IdleStretch& a, const IdleStretch& b) {
    return a.core_time > b.core_time;
  });
  stretches.resize(std::min(stretches.size(), most));
  return stretches;
}

}  // namespace pcargo::report
