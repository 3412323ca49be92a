// SPDX-License-Identifier: MIT OR Apache-2.0
#include "schedule/milestones.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <set>
#include <vector>

using namespace pcargo;
using namespace pcargo::schedule;

namespace {

graph::ActionGraph graph_of(const std::vector<graph::ActionGraph::Node>& nodes) {
  IdMap<UnitId, graph::ActionGraph::Node> map;
  for (const auto& node : nodes) {
    map.push_back(node);
  }
  auto graph = graph::ActionGraph::build(map);
  REQUIRE(graph);
  return *std::move(graph);
}

graph::ActionGraph random_graph(std::mt19937* random) {
  std::vector<graph::ActionGraph::Node> nodes(2 + (*random)() % 12);
  for (std::uint32_t unit = 1; unit < nodes.size(); ++unit) {
    for (std::uint32_t below = 0; below < unit; ++below) {
      if ((*random)() % 3 == 0) {
        constexpr Milestone kWaits[] = {Milestone::kMetadata, Milestone::kArtifact, Milestone::kClosure};
        nodes[unit].dependencies.push_back({UnitId{below}, kWaits[(*random)() % 3]});
      }
    }
  }
  return graph_of(nodes);
}

using Reached = std::set<std::pair<std::uint32_t, Milestone>>;

/// By the definition: its artifact, and that of everything below it.
bool has_closure(const graph::ActionGraph& graph, const Reached& reached, UnitId unit) {
  const auto& edges = graph.dependencies(unit);
  return reached.count({unit.value, Milestone::kArtifact}) != 0 &&
         std::all_of(
             edges.begin(), edges.end(), [&](const auto& edge) { return has_closure(graph, reached, edge.unit); });
}

bool is_startable(const graph::ActionGraph& graph, const Reached& reached, UnitId unit) {
  const auto& edges = graph.dependencies(unit);
  return std::all_of(edges.begin(), edges.end(), [&](const auto& edge) {
    return edge.waits == Milestone::kClosure ? has_closure(graph, reached, edge.unit)
                                             : reached.count({edge.unit.value, edge.waits}) != 0;
  });
}

bool is_complete_below(const graph::ActionGraph& graph, const Reached& reached, UnitId unit) {
  const auto& edges = graph.dependencies(unit);
  return std::all_of(
      edges.begin(), edges.end(), [&](const auto& edge) { return has_closure(graph, reached, edge.unit); });
}

}  // namespace

TEST_CASE("milestones wake those, and only those, that have nothing to wait for any more, once") {
  std::mt19937 random(11);
  for (int round = 0; round < 2000; ++round) {
    const auto graph = random_graph(&random);
    Milestones milestones(graph);
    Reached reached;
    std::vector<std::pair<UnitId, Milestone>> order;
    for (UnitId unit{0}; unit.value < graph.size(); ++unit.value) {
      order.insert(order.end(), {{unit, Milestone::kMetadata}, {unit, Milestone::kArtifact}});
    }
    std::shuffle(order.begin(), order.end(), random);
    order.push_back(order.front());  // said twice: changes nothing
    for (const auto& [unit, milestone] : order) {
      const Reached before = reached;
      reached.insert({unit.value, milestone});
      Milestones::Woken woken;
      milestones.reach(unit, milestone, &woken);
      std::vector<UnitId> startable;
      std::vector<UnitId> complete;
      for (UnitId other{0}; other.value < graph.size(); ++other.value) {
        CHECK(milestones.is_startable(other) == is_startable(graph, reached, other));
        CHECK(milestones.is_complete_below(other) == is_complete_below(graph, reached, other));
        if (is_startable(graph, reached, other) && !is_startable(graph, before, other)) {
          startable.push_back(other);
        }
        if (is_complete_below(graph, reached, other) && !is_complete_below(graph, before, other)) {
          complete.push_back(other);
        }
      }
      std::sort(woken.startable.begin(), woken.startable.end());
      std::sort(woken.complete_below.begin(), woken.complete_below.end());
      CHECK(woken.startable == startable);
      CHECK(woken.complete_below == complete);
    }
  }
}
