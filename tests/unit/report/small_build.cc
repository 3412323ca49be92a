// SPDX-License-Identifier: MIT OR Apache-2.0
#include "small_build.h"

#include "support/story_graph.h"

namespace pcargo::test {

record::Timeline build_of(const std::string& text,
                          const std::map<std::string, Work>& works,
                          int cores,
                          record::Microseconds wall) {
  constexpr record::Microseconds kPlanning = 7;
  constexpr record::Microseconds kTail = 3;
  const auto story = parse_graph(text);
  record::Timeline timeline;
  timeline.head.jobs = timeline.head.cores = cores;
  timeline.head.planned = kPlanning;
  timeline.graph = story.graph;
  timeline.codegen_threads = IdMap<UnitId, unsigned>(story.graph.size(), 1);
  timeline.end = wall;
  for (UnitId unit{0}; unit.value < story.graph.size(); ++unit.value) {
    const Work& work = works.at(story.names[unit]);
    const auto total = work.frontend + work.codegen + work.link;
    // At the end, alone: only how long it took counts here, not when.
    const auto start = wall - kTail - total;
    record::UnitTimes times{.end = record::UnitTimes::End::kRan, .why = {}, .start = start, .finish = wall - kTail};
    times.metadata = start + work.frontend;
    if (story.graph.phases(unit) == graph::Phases::kLinking) {
      times.objects = times.link = start + work.frontend + work.codegen;
    }
    times.cpu_us = total;
    timeline.units.push_back(times);
    timeline.names.push_back({story.names[unit], "1.0.0", story.names[unit], "lib", "build", "", false});
  }
  return timeline;
}

record::Timeline chain() {
  auto timeline = build_of(
      "low\n"
      "mid: low@metadata\n"
      "only\n"
      "app linking: mid@metadata only@metadata\n",
      {{"low", {40, 60}}, {"mid", {30, 20}}, {"only", {100, 100}}, {"app", {10, 20, 30}}},
      4,
      240);
  timeline.names[UnitId{3}].kind = "bin";
  timeline.names[UnitId{3}].is_member = true;
  return timeline;
}

}  // namespace pcargo::test
