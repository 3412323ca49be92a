// SPDX-License-Identifier: MIT OR Apache-2.0
// Random graphs: ActionGraph and critical_path against naive versions.
#include "graph/action_graph.h"
#include "graph/critical_path.h"
#include "graph/potential.h"
#include "phase_oracle.h"
#include "random_graph.h"
#include "seeds.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace pcargo::graph {
namespace {

using test::NodeMap;
using test::Random;

constexpr std::size_t kSeeds = 300;
constexpr std::size_t kSeedsOfPotential = 10'000;

ActionGraph built(const NodeMap& nodes) {
  auto graph = ActionGraph::build(nodes);
  REQUIRE(graph);
  return *std::move(graph);
}

/// The lowest id whose dependencies are all in the order, again and again.
std::vector<UnitId> naive_order(const NodeMap& nodes) {
  std::vector<UnitId> order;
  std::vector<bool> done(nodes.size());
  while (order.size() < nodes.size()) {
    for (UnitId unit{0}; unit.value < nodes.size(); ++unit.value) {
      const auto& edges = nodes[unit].dependencies;
      if (!done[unit.value] &&
          std::all_of(edges.begin(), edges.end(), [&](const Edge& edge) { return done[edge.unit.value]; })) {
        done[unit.value] = true;
        order.push_back(unit);
        break;
      }
    }
  }
  return order;
}

/// From "...: unit 3 -> unit 5 -> unit 3".
std::vector<UnitId> units_named_in(const std::string& message) {
  std::istringstream words(message.substr(message.find(": ") + 1));
  std::vector<UnitId> units;
  for (std::string unit, arrow; words >> unit; words >> arrow) {
    UnitId id;
    words >> id.value;
    units.push_back(id);
  }
  return units;
}

bool has_edge(const NodeMap& nodes, UnitId from, UnitId to) {
  const auto& edges = nodes[from].dependencies;
  return std::any_of(edges.begin(), edges.end(), [&](const Edge& edge) { return edge.unit == to; });
}

TEST_CASE("random graphs: the order is the naive one, and each edge is seen from both ends") {
  for (std::uint64_t seed : test::seeds("order", kSeeds)) {
    Random random(seed);
    NodeMap nodes = test::random_nodes(&random, random.below(60));
    INFO("seed " << seed << "\n" << test::to_text(nodes));
    ActionGraph graph = built(nodes);
    REQUIRE(graph.topological_order() == naive_order(nodes));
    std::size_t seen_from_below = 0;
    for (UnitId unit{0}; unit.value < nodes.size(); ++unit.value) {
      auto edges = graph.dependencies(unit);
      REQUIRE(std::vector<Edge>(edges.begin(), edges.end()) == nodes[unit].dependencies);
      for (const Edge& edge : edges) {
        auto back = graph.dependents(edge.unit);
        REQUIRE(std::count(back.begin(), back.end(), Edge{unit, edge.waits}) ==
                std::count(edges.begin(), edges.end(), edge));
      }
      seen_from_below += graph.dependents(unit).size();
      seen_from_below -= edges.size();
    }
    REQUIRE(seen_from_below == 0);
  }
}

TEST_CASE("random graphs with an edge turned back: the cycle that is named is one") {
  for (std::uint64_t seed : test::seeds("cycles", kSeeds)) {
    Random random(seed);
    NodeMap nodes = test::random_nodes(&random, 1 + random.below(18));
    auto below = test::everything_below(nodes);
    UnitId low{random.below(nodes.size())};
    UnitId high{random.below(nodes.size())};
    if (low != high && !below[high.value][low.value]) {
      continue;
    }
    nodes[low].dependencies.push_back(Edge{high});
    INFO("seed " << seed << "\n" << test::to_text(nodes));
    auto refused = ActionGraph::build(nodes);
    REQUIRE_FALSE(refused);
    INFO(refused.error().message);
    std::vector<UnitId> cycle = units_named_in(refused.error().message);
    REQUIRE(cycle.size() >= 2);
    REQUIRE(cycle.front() == cycle.back());
    for (std::size_t i = 0; i + 1 < cycle.size(); ++i) {
      REQUIRE(has_edge(nodes, cycle[i], cycle[i + 1]));
    }
  }
}

TEST_CASE("random graphs: longest paths, earliest times and slack are the naive ones") {
  for (std::uint64_t seed : test::seeds("longest paths", kSeeds)) {
    Random random(seed);
    NodeMap nodes = test::random_nodes(&random, random.below(40));
    Durations durations = test::random_durations(&random, nodes, 0);
    INFO("seed " << seed << "\n" << test::to_text(nodes));
    ActionGraph graph = built(nodes);
    test::PhaseOracle oracle(nodes, durations);
    auto remaining = longest_remaining(graph, durations);
    auto earliest = earliest_times(graph, durations);
    auto slacks = slack(graph, durations);
    REQUIRE(critical_path(graph, durations).length == oracle.length());
    for (UnitId unit{0}; unit.value < nodes.size(); ++unit.value) {
      INFO("u" << unit.value);
      REQUIRE(remaining[unit] == oracle.remaining(unit, Phase::kFrontend));
      REQUIRE(earliest[unit].start == oracle.earliest_start(unit, Phase::kFrontend));
      auto naive_slack = [&](Phase phase) {
        return oracle.length() - oracle.earliest_start(unit, phase) - oracle.remaining(unit, phase);
      };
      REQUIRE(slacks[unit].frontend == naive_slack(Phase::kFrontend));
      if (nodes[unit].phases != Phases::kWhole) {
        REQUIRE(slacks[unit].codegen == naive_slack(Phase::kCodegen));
      }
      if (nodes[unit].phases == Phases::kLinking) {
        REQUIRE(earliest[unit].link_start == oracle.earliest_start(unit, Phase::kLink));
        REQUIRE(slacks[unit].link == naive_slack(Phase::kLink));
      }
    }
  }
}

TEST_CASE("random graphs: slack and potential are what building again with other durations says") {
  for (std::uint64_t seed : test::seeds("slack and potential", kSeedsOfPotential)) {
    Random random(seed);
    const NodeMap nodes = test::random_nodes(&random, 1 + random.below(14));
    const Durations durations = test::random_durations(&random, nodes, random.below(2));
    INFO("seed " << seed << "\n" << test::to_text(nodes));
    const ActionGraph graph = built(nodes);
    const auto potentials = potential(graph, durations);
    const auto slacks = slack(graph, durations);
    const std::int64_t length = test::PhaseOracle(nodes, durations).length();
    const auto length_with = [&](UnitId unit, PhaseDurations instead) {
      Durations changed = durations;
      changed[unit] = instead;
      return test::PhaseOracle(nodes, changed).length();
    };
    for (UnitId unit{0}; unit.value < nodes.size(); ++unit.value) {
      INFO("u" << unit.value);
      const auto phases = nodes[unit].phases;
      REQUIRE(potentials[unit] == length - length_with(unit, {}));
      const auto grows_behind = [&](std::int64_t PhaseDurations::*phase, std::int64_t spare) {
        PhaseDurations longer = durations[unit];
        longer.*phase += spare;
        REQUIRE(length_with(unit, longer) == length);
        longer.*phase += 1;
        REQUIRE(length_with(unit, longer) == length + 1);
      };
      grows_behind(&PhaseDurations::frontend, slacks[unit].frontend);
      if (phases != Phases::kWhole) {
        grows_behind(&PhaseDurations::codegen, slacks[unit].codegen);
      }
      if (phases == Phases::kLinking) {
        grows_behind(&PhaseDurations::link, slacks[unit].link);
      }
    }
  }
}

TEST_CASE("random graphs: the critical path is a chain of phases that adds up to its length") {
  for (std::uint64_t seed : test::seeds("critical path", kSeeds)) {
    Random random(seed);
    NodeMap nodes = test::random_nodes(&random, random.below(40));
    Durations durations = test::random_durations(&random, nodes, random.below(2));
    INFO("seed " << seed << "\n" << test::to_text(nodes));
    CriticalPath path = critical_path(built(nodes), durations);
    test::PhaseOracle oracle(nodes, durations);
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < path.steps.size(); ++i) {
      const CriticalStep& step = path.steps[i];
      sum += step.duration;
      REQUIRE(oracle.remaining(step.unit, step.phase) == path.length - (sum - step.duration));
      if (i > 0) {
        const CriticalStep& before = path.steps[i - 1];
        REQUIRE(oracle.follows(before.unit, before.phase, step.unit, step.phase));
      }
    }
    REQUIRE(sum == path.length);
    REQUIRE(path.length == oracle.length());
  }
}

TEST_CASE("random graphs: with equal weights the priority is the number of units on the longest chain above") {
  for (std::uint64_t seed : test::seeds("equal weights", kSeeds)) {
    Random random(seed);
    NodeMap nodes = test::random_nodes(&random, random.below(60));
    INFO("seed " << seed << "\n" << test::to_text(nodes));
    ActionGraph graph = built(nodes);
    auto priority = equal_weight_priority(graph);
    for (UnitId unit{0}; unit.value < nodes.size(); ++unit.value) {
      std::int64_t above = 0;
      for (const Edge& edge : graph.dependents(unit)) {
        above = std::max(above, priority[edge.unit]);
      }
      REQUIRE(priority[unit] == above + 1);
    }
  }
}

}  // namespace
}  // namespace pcargo::graph
