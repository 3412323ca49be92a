// SPDX-License-Identifier: MIT OR Apache-2.0
// What `pcargo timings` costs beside reading the journal, by the size of the build.
//
//     timings_cost UNITS...
#include "report/timings.h"
#include "schedule/simulator.h"
#include "support/processor_time.h"

#include <cstdio>
#include <cstdlib>
#include <random>

namespace {

using namespace pcargo;

/// Libraries that depend on a few before them, built on eight cores as the simulator has it.
record::Timeline build_of(std::uint32_t units) {
  std::mt19937 random(units);
  record::Timeline timeline;
  IdMap<UnitId, graph::ActionGraph::Node> nodes;
  schedule::SimulationInput input;
  for (std::uint32_t unit = 0; unit < units; ++unit) {
    graph::ActionGraph::Node node{graph::Phases::kPipelined, {}};
    for (std::uint32_t edges = unit == 0 ? 0 : random() % 5; edges > 0; --edges) {
      node.dependencies.push_back({UnitId{static_cast<std::uint32_t>(random() % unit)}, Milestone::kMetadata});
    }
    nodes.push_back(std::move(node));
    timeline.names.push_back({"crate" + std::to_string(unit), "1.0.0", "crate", "lib", "build", "", false});
    timeline.codegen_threads.push_back(1);
    input.durations.push_back(
        {static_cast<std::int64_t>(random() % 1'000'000), static_cast<std::int64_t>(random() % 1'000'000), 0});
    input.priority.push_back(static_cast<std::int64_t>(random()));
  }
  auto graph = graph::ActionGraph::build(nodes);
  PCARGO_CHECK(graph.has_value());
  timeline.graph = *std::move(graph);
  timeline.head.jobs = timeline.head.cores = input.slots = 8;
  const auto schedule = schedule::simulate(timeline.graph, input);
  for (const auto& times : schedule.units) {
    timeline.units.push_back({.end = record::UnitTimes::End::kRan,
                              .why = {},
                              .start = times.start,
                              .metadata = times.metadata,
                              .finish = times.finish});
  }
  timeline.end = schedule.makespan;
  timeline.is_whole = true;
  return timeline;
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) {
    std::fprintf(stderr, "usage: timings_cost UNITS...\n");
    return 2;
  }
  for (int i = 1; i < count; ++i) {
    const auto timeline = build_of(static_cast<std::uint32_t>(std::strtoul(words[i], nullptr, 10)));
    const double begin = test::processor_seconds();
    const auto timings = report::analyse(timeline);
    const double analysed = test::processor_seconds();
    const std::size_t bytes = report::timings_as_json(timeline, timings).size();
    PCARGO_CHECK(!timings.path.empty() && timings.path.back().end == timeline.end);
    std::printf("%7zu units: analysis %7.1f ms, %5zu steps, %4zu gains; JSON %7.1f ms, %zu bytes\n",
                timeline.units.size(),
                (analysed - begin) * 1e3,
                timings.path.size(),
                timings.gains.size(),
                (test::processor_seconds() - analysed) * 1e3,
                bytes);
  }
  return 0;
}
