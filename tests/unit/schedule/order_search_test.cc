// SPDX-License-Identifier: MIT OR Apache-2.0
#include "schedule/order_search.h"

#include "story_graph.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace pcargo::schedule {
namespace {

using test::parse_graph;

std::vector<std::int64_t> listed(const IdMap<UnitId, std::int64_t>& priority) {
  return {priority.begin(), priority.end()};
}

TEST_CASE("it finds an order that wastes no memory, and the same each time") {
  // There are cores for all, and memory for two: the long one has to be among the first.
  const auto story = parse_graph("long priority=1\nb priority=7\nc priority=9\nd priority=8\nend: long b c d");
  SimulationInput input{story.priority, graph::Durations(story.graph.size(), {10, 0, 0}), 4};
  input.durations[story.unit("long")] = {80, 0, 0};
  input.durations[story.unit("b")] = {40, 0, 0};
  input.peaks = IdMap<UnitId, std::int64_t>(story.graph.size(), 1);
  input.memory = 2;
  CHECK(simulate(story.graph, input).makespan == 100);
  const auto found = search_order(story.graph, input, {}, 100);
  CHECK(listed(found) == listed(search_order(story.graph, input, {}, 100)));
  input.priority = found;
  CHECK(simulate(story.graph, input).makespan == 90);
}

TEST_CASE("without trials, or units, the order is what it was") {
  const auto story = parse_graph("a priority=4\nb priority=3");
  const SimulationInput input{story.priority, graph::Durations(2, {1, 0, 0}), 1};
  CHECK(listed(search_order(story.graph, input, {}, 0)) == listed(story.priority));
  const auto nothing = parse_graph("");
  CHECK(search_order(nothing.graph, {}, {}, 10).empty());
  CHECK(order_trials(0) > 0);
  CHECK(order_trials(1'000'000) == 0);
}

TEST_CASE("an order has to be good in all worlds together") {
  // Which of the two is long is not known: in the first world it is `a`, in the others `b`, and by more.
  const auto story = parse_graph("a priority=2\nb priority=1\nc priority=3");
  SimulationInput input{story.priority, graph::Durations(3, {10, 0, 0}), 2};
  input.durations[story.unit("a")] = {20, 0, 0};
  auto other = input.durations;
  std::swap(other[story.unit("a")], other[story.unit("b")]);
  const std::vector<graph::Durations> worlds = {input.durations, other, other};
  const auto all = [&](const IdMap<UnitId, std::int64_t>& priority) {
    std::int64_t sum = 0;
    for (const auto& world : worlds) {
      input.durations = world;
      input.priority = priority;
      sum += simulate(story.graph, input).makespan;
    }
    return sum;
  };
  CHECK(all(search_order(story.graph, input, worlds, 100)) == 60);
  CHECK(all(story.priority) == 80);
}

TEST_CASE("worlds are the times as they are, and others near them") {
  const graph::Durations durations(200, {1000, 500, 0});
  const auto worlds = worlds_around(durations, 3, 0.25);
  REQUIRE(worlds.size() == 3);
  const auto far = [&](const graph::Durations& world) {
    return std::count_if(
        world.begin(), world.end(), [](const auto& unit) { return unit.frontend < 800 || unit.frontend > 1250; });
  };
  CHECK(far(worlds[0]) == 0);
  CHECK(far(worlds[1]) > 30);
  CHECK(far(worlds[1]) < 100);
  CHECK(worlds[1][UnitId{0}].frontend != worlds[2][UnitId{0}].frontend);
  CHECK(worlds[1][UnitId{0}].link == 0);
}

}  // namespace
}  // namespace pcargo::schedule
