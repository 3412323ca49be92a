// SPDX-License-Identifier: MIT OR Apache-2.0
// What a decision of the scheduler costs, by the size of the build; no process is started and no file is read.
//
//     decision_cost UNITS...
//
// Each graph has the shape of a large workspace: a unit depends on up to six before it, near ones rather than far; one
// in eight is a build script's compile with its run, one in twenty a program or a macro that may be linked late. Ranks
// are random: worse for the queue than those of a real build. The middle of five runs is printed.
#include "graph/action_graph.h"
#include "support/instant_world.h"
#include "support/processor_time.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace {

using namespace pcargo;

graph::ActionGraph workspace_of(std::uint32_t units, std::mt19937* random) {
  const auto below = [&](std::uint32_t end) { return static_cast<std::uint32_t>((*random)() % end); };
  IdMap<UnitId, graph::ActionGraph::Node> nodes;
  bool is_script = false;  // the unit before this one: this one is its run
  for (std::uint32_t unit = 0; unit < units; ++unit) {
    graph::ActionGraph::Node node{.phases = graph::Phases::kPipelined, .dependencies = {}};
    if (is_script) {
      node = {graph::Phases::kWhole, {{UnitId{unit - 1}, Milestone::kArtifact}}};
    } else if (below(8) == 0 || below(20) == 0) {
      node.phases = graph::Phases::kLinking;
    }
    is_script = !is_script && node.phases == graph::Phases::kLinking && below(2) == 0;
    for (std::uint32_t edges = unit == 0 ? 0 : below(7); edges > 0; --edges) {
      const std::uint32_t reach = std::min(unit, 1 + (1U << below(11)));
      const UnitId dependency{unit - 1 - below(reach)};
      const bool has_metadata = nodes[dependency].phases == graph::Phases::kPipelined;
      node.dependencies.push_back({dependency, has_metadata ? Milestone::kMetadata : Milestone::kArtifact});
    }
    nodes.push_back(std::move(node));
  }
  auto graph = graph::ActionGraph::build(nodes);
  PCARGO_CHECK(graph.has_value());
  return *std::move(graph);
}

void measure(std::uint32_t units) {
  constexpr int kRuns = 5;
  constexpr int kJobs = 16;
  std::mt19937 random(units);
  const graph::ActionGraph actions = workspace_of(units, &random);
  IdMap<UnitId, std::int64_t> priority;
  for (std::uint32_t unit = 0; unit < units; ++unit) {
    priority.push_back(static_cast<std::int64_t>(random()));
  }
  std::vector<double> seconds;
  std::size_t decisions = 0;
  std::size_t gates = 0;
  for (int run = 0; run < kRuns; ++run) {
    const double begin = test::processor_seconds();
    test::InstantWorld world(actions, priority, {.max_slots = kJobs, .max_late = 2 * kJobs});
    world.run();
    seconds.push_back(test::processor_seconds() - begin);
    PCARGO_CHECK(world.started() == units);
    decisions = world.decisions();
    gates = world.gates();
  }
  std::nth_element(seconds.begin(), seconds.begin() + kRuns / 2, seconds.end());
  const double middle = seconds[kRuns / 2];
  std::printf("%8u units: %8zu decisions, %6zu gates, %8.1f ms, %5.2f us a decision\n",
              units,
              decisions,
              gates,
              middle * 1e3,
              middle * 1e6 / static_cast<double>(decisions));
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) {
    std::fprintf(stderr, "usage: decision_cost UNITS...\n");
    return 2;
  }
  for (int i = 1; i < count; ++i) {
    measure(static_cast<std::uint32_t>(std::strtoul(words[i], nullptr, 10)));
  }
  return 0;
}
