// SPDX-License-Identifier: MIT OR Apache-2.0
#include "story.h"

#include "story_graph.h"

#include <catch2/catch.hpp>

namespace pcargo::test {
namespace {

TEST_CASE("a graph written as text is read back as the same graph") {
  const char* text =
      "u0 whole priority=7\n"
      "u1 priority=-3: u0@artifact u0@metadata\n"
      "u2 linking priority=0: u1@closure\n";
  StoryGraph story = parse_graph(text);
  CHECK(to_text(story.nodes, story.priority) == text);
}

TEST_CASE("the text of a graph has short forms") {
  StoryGraph story = parse_graph("app: core\n\ncore\n");
  CHECK(to_text(story.nodes) == "u0: u1@artifact\nu1\n");
  CHECK(story.names[UnitId{0}] == "app");
  CHECK(story.priority[UnitId{1}] == 2);
}

}  // namespace
}  // namespace pcargo::test
