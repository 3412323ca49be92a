// SPDX-License-Identifier: MIT OR Apache-2.0
#include "graph/needed_only_by.h"

#include "story_graph.h"

#include <catch2/catch.hpp>

namespace pcargo::graph {
namespace {

TEST_CASE("who goes takes along what nobody else needs, however far down") {
  auto story = test::parse_graph("deep\nshared\nonly: deep\ngoes: only shared\nstays: shared\napp: goes stays");
  const auto gone = [&](std::vector<UnitId> units) { return needed_only_by(story.graph, units); };
  const auto unit = [&](const char* name) { return story.unit(name); };
  CHECK(gone({unit("goes")}) == std::vector{unit("deep"), unit("only"), unit("goes")});
  CHECK(gone({unit("shared")}) == std::vector{unit("shared")});  // not those who need it
  CHECK(gone({unit("goes"), unit("stays")}).size() == 5);
  CHECK(gone({unit("app")}).size() == story.graph.size());
  CHECK(gone({}).empty());
}

}  // namespace
}  // namespace pcargo::graph
