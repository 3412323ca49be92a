// SPDX-License-Identifier: MIT OR Apache-2.0
// Builds for the tests of reports: units one after the other, each of whole seconds, half of them before its metadata.
#pragma once

#include "record/timeline.h"

#include <string>
#include <vector>

namespace pcargo::report::test {

struct SomeUnit {
  record::UnitName name;
  std::vector<std::uint32_t> after;  ///< waits for their metadata; what links, for all of them
  int seconds = 2;
  graph::Phases phases = graph::Phases::kPipelined;
};

inline record::UnitName library(std::string package, std::string version = "1.0.0", bool is_member = false) {
  return {package, std::move(version), package, "lib", "build", "", is_member};
}

inline record::UnitName member(std::string package) {
  return library(std::move(package), "0.1.0", true);
}

inline SomeUnit program(std::string package, std::vector<std::uint32_t> after, int seconds) {
  return {{package, "0.1.0", package, "bin", "build", "", true}, std::move(after), seconds, graph::Phases::kLinking};
}

inline record::Timeline built_on(int cores, const std::vector<SomeUnit>& units) {
  constexpr record::Microseconds kSecond = 1'000'000;
  record::Timeline timeline;
  IdMap<UnitId, graph::ActionGraph::Node> nodes;
  for (const SomeUnit& unit : units) {
    graph::ActionGraph::Node node{unit.phases, {}};
    for (const std::uint32_t below : unit.after) {
      const bool is_pipelined = unit.phases == graph::Phases::kPipelined && nodes[UnitId{below}].phases == unit.phases;
      node.dependencies.push_back({UnitId{below}, is_pipelined ? Milestone::kMetadata : Milestone::kArtifact});
    }
    nodes.push_back(std::move(node));
    timeline.names.push_back(unit.name);
    timeline.codegen_threads.push_back(1);
    record::UnitTimes times;
    times.end = record::UnitTimes::End::kRan;
    times.start = timeline.end;
    timeline.end += unit.seconds * kSecond;
    if (unit.phases == graph::Phases::kPipelined) {
      times.metadata = *times.start + unit.seconds * kSecond / 2;
    }
    times.finish = timeline.end;
    timeline.units.push_back(times);
  }
  auto graph = graph::ActionGraph::build(nodes);
  PCARGO_CHECK(graph.has_value());
  timeline.graph = *std::move(graph);
  timeline.head.jobs = timeline.head.cores = cores;
  timeline.outcome = Outcome::kSuccess;
  timeline.is_whole = true;
  return timeline;
}

}  // namespace pcargo::report::test
