// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/collisions.h"

#include "support/plan_fixture.h"

#include <catch2/catch.hpp>

using pcargo::plan::find_collisions;
using pcargo::test::PlanFixture;

TEST_CASE("two programs of one name end in one place") {
  PlanFixture f;
  const auto first = f.bin("tool");
  const auto second = f.bin("other");
  f.graph.targets[f.graph.units[second].target].name = "tool";
  const auto plan = f.plan({first, second});
  const auto collisions = find_collisions(*plan);
  // The internal names differ by their hashes; what rustc may leave beside the program collides with it.
  REQUIRE(collisions.size() == 2);
  CHECK(collisions[0].path == "/ws/target/debug/tool");
  CHECK(collisions[0].unit == second);
  CHECK(collisions[0].other == first);
  CHECK(collisions[0].same_target_name);
  CHECK(collisions[0].description ==
        "the bin target `tool` in package `other v1.0.0 (/ws/other)` has the same output filename as "
        "the bin target `tool` in package `tool v1.0.0 (/ws/tool)`");
  CHECK(collisions[1].path == "/ws/target/debug/tool.dwp");
  f.settings.toolchain.capabilities.has_debug_packages = false;
  CHECK(find_collisions(*f.plan({first, second})).size() == 1);
}

TEST_CASE("different names collide nowhere") {
  PlanFixture f;
  const auto library = f.lib("util");
  const auto first = f.bin("one", {{library, "util"}});
  const auto second = f.bin("two", {{library, "util"}});
  CHECK(find_collisions(*f.plan({first, second})).empty());
}
