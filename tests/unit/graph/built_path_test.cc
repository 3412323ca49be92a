// SPDX-License-Identifier: MIT OR Apache-2.0
#include "graph/built_path.h"

#include <catch2/catch.hpp>

#include <random>
#include <vector>

using namespace pcargo;
using namespace pcargo::graph;
using Waited = PathStep::Waited;

namespace {

constexpr std::int64_t kBegin = 10;

ActionGraph graph_of(std::initializer_list<ActionGraph::Node> nodes) {
  IdMap<UnitId, ActionGraph::Node> map;
  for (const auto& node : nodes) {
    map.push_back(node);
  }
  auto graph = ActionGraph::build(map);
  REQUIRE(graph);
  return *std::move(graph);
}

IdMap<UnitId, std::optional<Span>> spans_of(std::initializer_list<std::optional<Span>> spans) {
  IdMap<UnitId, std::optional<Span>> map;
  for (const auto& span : spans) {
    map.push_back(span);
  }
  return map;
}

/// A library: start, metadata, finish.
Span library(std::int64_t start, std::int64_t metadata, std::int64_t finish) {
  return {start, metadata, finish, finish, finish};
}

const ActionGraph::Node kLibrary{Phases::kPipelined, {}};

void check_whole(const std::vector<PathStep>& path, std::int64_t end) {
  REQUIRE_FALSE(path.empty());
  CHECK(path.front().begin == kBegin);
  CHECK(path.back().end == end);
  for (std::size_t i = 1; i < path.size(); ++i) {
    CHECK(path[i].begin == path[i - 1].end);
  }
}

}  // namespace

TEST_CASE("a build that ran nothing has no path") {
  const auto graph = graph_of({kLibrary});
  CHECK(built_path(graph, spans_of({std::nullopt}), kBegin).empty());
}

TEST_CASE("of two that end together the path ends with the one that started last") {
  const auto graph = graph_of({kLibrary, kLibrary});
  const auto path = built_path(graph, spans_of({library(20, 30, 40), library(12, 30, 40)}), kBegin);
  check_whole(path, 40);
  CHECK(path.back().unit == UnitId{0});
}

TEST_CASE("who starts on metadata waits for the frontend only") {
  const auto graph = graph_of({kLibrary, {Phases::kPipelined, {{UnitId{0}, Milestone::kMetadata}}}});
  const auto path = built_path(graph, spans_of({library(11, 20, 60), library(21, 30, 70)}), kBegin);
  check_whole(path, 70);
  CHECK(path == std::vector<PathStep>{{UnitId{0}, Phase::kFrontend, 10, 20, Waited::kForNothing, UnitId{0}},
                                      {UnitId{1}, Phase::kFrontend, 20, 30, Waited::kForMetadata, UnitId{0}},
                                      {UnitId{1}, Phase::kCodegen, 30, 70, Waited::kForItself, UnitId{1}}});
}

TEST_CASE("who could begin and did not waited for a slot") {
  const auto graph = graph_of({kLibrary, kLibrary});
  const auto path = built_path(graph, spans_of({library(10, 20, 40), library(41, 50, 60)}), kBegin);
  check_whole(path, 60);
  REQUIRE(path.size() == 4);
  CHECK(path[2] == PathStep{UnitId{1}, Phase::kFrontend, 40, 50, Waited::kForSlot, UnitId{0}});
}

TEST_CASE("a link that waited at its gate waited for what is far below") {
  const auto graph = graph_of({kLibrary,
                               {Phases::kPipelined, {{UnitId{0}, Milestone::kMetadata}}},
                               {Phases::kLinking, {{UnitId{1}, Milestone::kMetadata}}}});
  const auto path =
      built_path(graph, spans_of({library(10, 15, 90), library(15, 20, 50), Span{20, 30, 40, 91, 99}}), kBegin);
  check_whole(path, 99);
  REQUIRE(path.size() == 3);
  CHECK(path[2] == PathStep{UnitId{2}, Phase::kLink, 90, 99, Waited::kForArtifact, UnitId{0}});
  CHECK(path[1] == PathStep{UnitId{0}, Phase::kCodegen, 15, 90, Waited::kForItself, UnitId{0}});
}

TEST_CASE("a unit at its gate gives its slot to another") {
  const auto graph = graph_of({{Phases::kLinking, {}}, kLibrary});
  const auto path = built_path(graph, spans_of({Span{10, 20, 30, 50, 55}, library(31, 40, 80)}), kBegin);
  check_whole(path, 80);
  REQUIRE(path.size() >= 2);
  CHECK(path[path.size() - 2].waited == Waited::kForSlot);
  CHECK(path[path.size() - 2].begin == 30);
}

TEST_CASE("what was fresh is not waited for") {
  const auto graph = graph_of({kLibrary, {Phases::kPipelined, {{UnitId{0}, Milestone::kArtifact}}}});
  const auto path = built_path(graph, spans_of({std::nullopt, library(12, 20, 30)}), kBegin);
  check_whole(path, 30);
  CHECK(path.front().waited == Waited::kForNothing);
}

TEST_CASE("the steps of any build lie end to end, and end") {
  for (unsigned seed = 0; seed < 10'000; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&](std::uint32_t end) { return static_cast<std::uint32_t>(random() % end); };
    const std::uint32_t size = 1 + below(12);
    IdMap<UnitId, ActionGraph::Node> nodes;
    IdMap<UnitId, std::optional<Span>> spans;
    std::int64_t last = -1;
    for (std::uint32_t unit = 0; unit < size; ++unit) {
      ActionGraph::Node node{static_cast<Phases>(below(3)), {}};
      for (std::uint32_t edge = unit == 0 ? 0 : below(3); edge > 0; --edge) {
        node.dependencies.push_back({UnitId{below(unit)}, below(2) == 0 ? Milestone::kMetadata : Milestone::kArtifact});
      }
      nodes.push_back(std::move(node));
      std::optional<Span> span;
      if (below(5) != 0) {  // whatever times, many of them the same: a journal may say anything
        span.emplace();
        std::int64_t now = kBegin + below(8);
        for (std::int64_t* time : {&span->start, &span->metadata, &span->objects, &span->link, &span->finish}) {
          *time = now;
          now += below(4);
        }
        last = std::max(last, span->finish);
      }
      spans.push_back(span);
    }
    const auto graph = ActionGraph::build(nodes);
    REQUIRE(graph);
    const auto path = built_path(*graph, spans, kBegin);
    INFO("seed " << seed);
    if (last < 0) {
      CHECK(path.empty());
    } else {
      check_whole(path, last);
    }
  }
}

TEST_CASE("who was held for memory waited for that of the one that ended, not for its slot") {
  const auto graph = graph_of({kLibrary, kLibrary, {Phases::kPipelined, {{UnitId{1}, Milestone::kArtifact}}}});
  Span held = library(30, 35, 40);
  held.was_held = true;
  Span behind = library(40, 45, 50);
  behind.was_held = true;  // it was, but its dependency came later
  const auto path = built_path(graph, spans_of({library(10, 20, 30), held, behind}), kBegin);
  check_whole(path, 50);
  std::vector<Waited> waited;
  for (const PathStep& step : path) {
    if (step.waited != Waited::kForItself) {
      waited.push_back(step.waited);
    }
  }
  CHECK(waited == std::vector{Waited::kForNothing, Waited::kForMemory, Waited::kForArtifact});
}
