// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/results.h"

#include "support/plan_fixture.h"

#include <catch2/catch.hpp>

using namespace pcargo;
using freshness::Results;
using test::PlanFixture;

namespace {

Digest digest(std::uint8_t byte) {
  Digest made;
  made.bytes.fill(byte);
  return made;
}

/// deep <- middle <- top (libraries) <- app (a program).
struct Chain {
  Chain() {
    deep = fixture.lib("deep");
    middle = fixture.lib("middle", {{deep, "deep"}});
    top = fixture.lib("top", {{middle, "middle"}});
    app = fixture.bin("app", {{top, "top"}});
    plan = fixture.plan({app});
  }

  Results results(std::uint8_t deep_metadata, std::uint8_t deep_artifact) const {
    Results made(*plan);
    made.set_metadata(deep, digest(deep_metadata));
    made.set_artifact(deep, digest(deep_artifact));
    for (UnitId unit : {middle, top}) {
      made.set_metadata(unit, digest(10));
      made.set_artifact(unit, digest(20));
    }
    return made;
  }

  PlanFixture fixture;
  UnitId deep, middle, top, app;
  std::unique_ptr<const plan::BuildPlan> plan;
};

}  // namespace

TEST_CASE("a library uses the metadata of all libraries below, and no objects") {
  const Chain chain;
  const auto before = chain.results(1, 1).used_by(chain.top, chain.middle);
  REQUIRE(before);
  CHECK(chain.results(1, 2).used_by(chain.top, chain.middle) == before);
  CHECK(chain.results(2, 1).used_by(chain.top, chain.middle) != before);
}

TEST_CASE("a program uses the objects of all libraries below") {
  const Chain chain;
  const auto before = chain.results(1, 1).used_by(chain.app, chain.top);
  REQUIRE(before);
  CHECK(chain.results(1, 2).used_by(chain.app, chain.top) != before);
}

TEST_CASE("what is not known below is not known above") {
  const Chain chain;
  Results results(*chain.plan);
  results.set_metadata(chain.middle, digest(1));
  results.set_artifact(chain.top, digest(1));
  CHECK(results.used_by(chain.top, chain.middle) == std::nullopt);
  CHECK(results.used_by(chain.app, chain.top) == std::nullopt);
  results.set_metadata(chain.deep, digest(1));
  CHECK(results.used_by(chain.top, chain.middle).has_value());
}

TEST_CASE("of a build script its executable, of its run what it made, of a proc-macro its library") {
  PlanFixture fixture;
  const auto helper = fixture.lib("helper");
  const auto macro = fixture.unit("macro", cargo::TargetKind::kLib, {"proc-macro"}, {{helper, "helper"}});
  const auto script = fixture.script("app", {{helper, "helper"}});
  const auto run = fixture.script_run("app", {{script, "build_script_build"}});
  const auto app = fixture.lib("app", {{macro, "macro"}, {run, "build_script_build"}});
  const auto plan = fixture.plan({app});
  Results results(*plan);
  results.set_artifact(script, digest(1));
  results.set_artifact(run, digest(2));
  results.set_artifact(macro, digest(3));
  CHECK(results.used_by(run, script) == digest(1));
  CHECK(results.used_by(app, run) == digest(2));
  CHECK(results.used_by(app, macro) == digest(3));
}

TEST_CASE("where a library is a dylib, a proc-macro is not all there is of it") {
  PlanFixture fixture;
  const auto shared = fixture.unit("shared", cargo::TargetKind::kLib, {"dylib"});
  const auto macro = fixture.unit("macro", cargo::TargetKind::kLib, {"proc-macro"}, {{shared, "shared"}});
  const auto app = fixture.lib("app", {{macro, "macro"}});
  const auto plan = fixture.plan({app});
  const auto used = [&](std::uint8_t byte) {
    Results results(*plan);
    results.set_artifact(shared, digest(byte));
    results.set_artifact(macro, digest(3));
    return results.used_by(app, macro);
  };
  REQUIRE(used(1));
  CHECK(used(1) != used(2));
}
