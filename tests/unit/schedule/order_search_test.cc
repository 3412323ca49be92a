// SPDX-License-Identifier: MIT OR Apache-2.0
#include "schedule/order_search.h"

#include "story_graph.h"

#include <catch2/catch.hpp>

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
  const auto found = search_order(story.graph, input, 100);
  CHECK(listed(found) == listed(search_order(story.graph, input, 100)));
  input.priority = found;
  CHECK(simulate(story.graph, input).makespan == 90);
}

TEST_CASE("without trials, or units, the order is what it was") {
  const auto story = parse_graph("a priority=4\nb priority=3");
  const SimulationInput input{story.priority, graph::Durations(2, {1, 0, 0}), 1};
  CHECK(listed(search_order(story.graph, input, 0)) == listed(story.priority));
  const auto nothing = parse_graph("");
  CHECK(search_order(nothing.graph, {}, 10).empty());
  CHECK(order_trials(0) > 0);
  CHECK(order_trials(1'000'000) == 0);
}

}  // namespace
}  // namespace pcargo::schedule
