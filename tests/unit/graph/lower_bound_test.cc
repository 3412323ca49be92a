// SPDX-License-Identifier: MIT OR Apache-2.0
#include "graph/lower_bound.h"

#include "story_graph.h"

#include <catch2/catch.hpp>

namespace pcargo::graph {
namespace {

using test::parse_graph;

TEST_CASE("no build is shorter than its critical path, or than all work evenly spread") {
  auto chain = parse_graph("a\nb: a\nc: b");
  const Durations each(3, {5, 0, 0});
  CHECK(lower_bound(chain.graph, each, each, 8) == 15);
  auto wide = parse_graph("a\nb\nc\nd");
  const Durations of_wide(4, {5, 0, 0});
  CHECK(lower_bound(wide.graph, of_wide, of_wide, 2) == 10);
  CHECK(lower_bound(wide.graph, of_wide, of_wide, 64) == 5);
}

TEST_CASE("work between a first and a last unit is spread on top of both") {
  auto story = parse_graph("first\na: first\nb: first\nc: first\nd: first\nlast: a b c d");
  const Durations each(6, {10, 0, 0});
  // Critical path 30, evenly spread 30 on two cores; but 40 of work come after 10 and before 10.
  CHECK(lower_bound(story.graph, each, each, 2) == 40);
}

TEST_CASE("what can use more cores is no longer than with all of them") {
  auto story = parse_graph("a\nb: a@metadata");
  Durations work(2);
  work[story.unit("a")] = {10, 80, 0};
  work[story.unit("b")] = {10, 0, 0};
  Durations fastest = work;
  fastest[story.unit("a")].codegen = 20;
  CHECK(lower_bound(story.graph, fastest, work, 64) == 30);
  CHECK(lower_bound(story.graph, fastest, work, 4) == 32);  // 90 on four cores, after the first 10
  CHECK(lower_bound(story.graph, fastest, work, 2) == 55);
}

}  // namespace
}  // namespace pcargo::graph
