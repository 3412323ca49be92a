// SPDX-License-Identifier: MIT OR Apache-2.0
#include "graph/action_graph.h"

#include "story_graph.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace pcargo::graph {
namespace {

using test::NodeMap;
using test::parse_nodes;

constexpr std::uint32_t kManyUnits = 100'000;

std::string refusal(const NodeMap& nodes) {
  auto built = ActionGraph::build(nodes);
  return built ? "accepted" : built.error().message;
}

std::vector<std::string> order_of(const std::string& text) {
  test::StoryGraph story = test::parse_graph(text);
  std::vector<std::string> names;
  for (UnitId unit : story.graph.topological_order()) {
    names.push_back(story.names[unit]);
  }
  return names;
}

NodeMap chain(std::uint32_t length) {
  NodeMap nodes(length);
  for (UnitId unit{1}; unit.value < length; ++unit.value) {
    nodes[unit].dependencies = {Edge{UnitId{unit.value - 1}}};
  }
  return nodes;
}

TEST_CASE("a graph without units is a graph") {
  auto built = ActionGraph::build({});
  REQUIRE(built);
  CHECK(built->size() == 0);
  CHECK(built->topological_order().empty());
}

TEST_CASE("edges can be seen from both ends") {
  auto story = test::parse_graph("core\nutil: core@metadata\napp linking: util@closure core");
  UnitId core{0};
  UnitId util{1};
  UnitId app{2};

  auto below_app = story.graph.dependencies(app);
  CHECK(std::vector<Edge>(below_app.begin(), below_app.end()) ==
        std::vector<Edge>{{util, Milestone::kClosure}, {core, Milestone::kArtifact}});
  auto above_core = story.graph.dependents(core);
  CHECK(std::vector<Edge>(above_core.begin(), above_core.end()) ==
        std::vector<Edge>{{util, Milestone::kMetadata}, {app, Milestone::kArtifact}});
  CHECK(story.graph.dependencies(core).empty());
  CHECK(story.graph.dependents(app).empty());
  CHECK(story.graph.phases(core) == Phases::kPipelined);
  CHECK(story.graph.phases(app) == Phases::kLinking);
}

TEST_CASE("two edges between the same units stay two edges") {
  auto story = test::parse_graph("core\napp: core@metadata core@artifact");
  CHECK(story.graph.dependencies(UnitId{1}).size() == 2);
  CHECK(story.graph.dependents(UnitId{0}).size() == 2);
  CHECK(story.graph.topological_order().size() == 2);
}

TEST_CASE("every unit is ordered after what it depends on, the lowest id first") {
  CHECK(order_of("app: util\nutil: core\ncore\nother") == std::vector<std::string>{"core", "util", "app", "other"});
  CHECK(order_of("c\nb\na") == std::vector<std::string>{"c", "b", "a"});
}

TEST_CASE("a cycle is refused and its units are named, without those that only hang on it") {
  CHECK(refusal(parse_nodes("leaf\nabove: b\na: b leaf\nb: c\nc: a")) ==
        "units depend on each other: unit 2 -> unit 3 -> unit 4 -> unit 2");
  CHECK(refusal(parse_nodes("a: a")) == "units depend on each other: unit 0 -> unit 0");
}

TEST_CASE("of a very long cycle only the beginning is named") {
  NodeMap nodes = chain(kManyUnits);
  nodes[UnitId{0}].dependencies = {Edge{UnitId{kManyUnits - 1}}};
  std::string message = refusal(nodes);
  CHECK(message.find("unit 0 -> unit 99999 -> unit 99998 -> ") != std::string::npos);
  CHECK(message.find(" -> (99980 more) -> unit 0") != std::string::npos);
  CHECK(message.size() < 400);
}

TEST_CASE("an id outside the graph is refused with its place") {
  NodeMap nodes = parse_nodes("core\napp: core core");
  nodes[UnitId{1}].dependencies[1].unit = UnitId{2};
  CHECK(refusal(nodes) == "unit 1: dependencies[1]: 2 is out of range");
  nodes[UnitId{1}].dependencies[1].unit = UnitId{0xffffffff};
  CHECK(refusal(nodes) == "unit 1: dependencies[1]: 4294967295 is out of range");
}

TEST_CASE("no edge can wait for objects: nobody outside a unit sees them") {
  NodeMap nodes = parse_nodes("core\napp: core");
  nodes[UnitId{1}].dependencies[0].waits = Milestone::kObjects;
  CHECK(refusal(nodes) == "unit 1: dependencies[0]: nothing can wait for the objects of another unit");
}

TEST_CASE("a linking unit is late-linked if it may start before everything below it is there") {
  auto story = test::parse_graph(
      "core\nheld linking: core@closure\nlate linking: core@metadata\nalone linking\nlib: core@metadata");
  CHECK_FALSE(story.graph.is_late_linked(story.unit("held")));
  CHECK(story.graph.is_late_linked(story.unit("late")));
  CHECK_FALSE(story.graph.is_late_linked(story.unit("alone")));
  CHECK_FALSE(story.graph.is_late_linked(story.unit("lib")));
}

TEST_CASE("a chain of a hundred thousand units needs no deep stack") {
  auto built = ActionGraph::build(chain(kManyUnits));
  REQUIRE(built);
  REQUIRE(built->topological_order().size() == kManyUnits);
  CHECK(built->topological_order().front() == UnitId{0});
  CHECK(built->topological_order().back() == UnitId{kManyUnits - 1});
}

}  // namespace
}  // namespace pcargo::graph
