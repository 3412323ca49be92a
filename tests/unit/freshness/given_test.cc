// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/given.h"

#include "freshness/difference.h"
#include "support/plan_fixture.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace pcargo;
using namespace pcargo::freshness;
using test::PlanFixture;
using Kind = GivenField::Kind;
using Fields = std::vector<GivenField>;

namespace {

Digest digest(std::uint8_t byte) {
  Digest made;
  made.bytes.fill(byte);
  return made;
}

/// lib `below` <- lib `app` (with a build script that ran).
struct Build {
  Build() {
    below = fixture.lib("below");
    script = fixture.script("app");
    run = fixture.script_run("app", {{script, "build_script_build"}});
    app = fixture.lib("app", {{below, "below"}, {run, "build_script_build"}});
    plan = fixture.plan({app});
    scripts[run] = {};
  }

  std::optional<Fields> given(UnitId unit) {
    Inspector inspector;
    auto given = given_to(*plan, unit, plan->compile_invocation(unit, scripts), results(), inspector);
    return given ? std::optional(std::move(given->fields)) : std::nullopt;
  }

  Results results() const {
    Results made(*plan);
    made.set_metadata(below, digest(1));
    made.set_artifact(below, digest(2));
    made.set_artifact(script, digest(3));
    made.set_artifact(run, digest(4));
    return made;
  }

  PlanFixture fixture;
  UnitId below;
  UnitId script;
  UnitId run;
  UnitId app;
  std::unique_ptr<const plan::BuildPlan> plan;
  plan::ScriptOutputs scripts;
};

bool has(const Fields& fields, Kind kind, const std::string& name) {
  return std::any_of(
      fields.begin(), fields.end(), [&](const GivenField& field) { return field.kind == kind && field.name == name; });
}

Fields without(Fields fields, std::size_t index) {
  fields.erase(fields.begin() + static_cast<std::ptrdiff_t>(index));
  return fields;
}

}  // namespace

TEST_CASE("a unit is given its command, variables, directory, toolchain and what others made") {
  Build build;
  const auto given = build.given(build.app);
  REQUIRE(given);
  CHECK(has(*given, Kind::kToolchain, "rustc"));
  CHECK(has(*given, Kind::kToolchain, "sysroot"));
  CHECK(has(*given, Kind::kDirectory, ""));
  CHECK(has(*given, Kind::kVariable, "CARGO_PKG_NAME"));
  CHECK(has(*given, Kind::kVariable, "OUT_DIR"));
  CHECK(has(*given, Kind::kDependency, "below"));
  CHECK(has(*given, Kind::kScript, "app"));
}

TEST_CASE("what a dependency made and nobody knows leaves a unit without an answer") {
  Build build;
  Inspector inspector;
  Results nothing(*build.plan);
  CHECK_FALSE(
      given_to(*build.plan, build.app, build.plan->compile_invocation(build.app, build.scripts), nothing, inspector));
}

TEST_CASE("what only shapes messages, and what was asked for, is not given") {
  Build build;
  const auto before = *build.given(build.app);
  auto settings = build.fixture.settings;
  settings.terminal_width = 57;
  settings.diagnostics_short = true;
  settings.jobs = 7;
  settings.verbosity = 2;
  build.fixture.settings = settings;
  build.plan = build.fixture.plan({build.app, build.below});
  CHECK(build.given(build.app) == before);
  CHECK_FALSE(has(before, Kind::kVariable, "CARGO_PRIMARY_PACKAGE"));
  CHECK_FALSE(has(before, Kind::kVariable, "LD_LIBRARY_PATH"));
}

TEST_CASE("a wrapper may act on what was asked for") {
  Build build;
  build.fixture.settings.rustc_wrapper = "/bin/wrapper";
  build.plan = build.fixture.plan({build.app});
  CHECK(has(*build.given(build.app), Kind::kVariable, "CARGO_PRIMARY_PACKAGE"));
}

TEST_CASE("every field counts: whichever is dropped or differs is found, and named") {
  Build build;
  const Fields given = *build.given(build.app);
  REQUIRE(given.size() > 20);
  CHECK(first_difference(given, given) == std::nullopt);
  for (std::size_t i = 0; i < given.size(); ++i) {
    INFO(i << " " << given[i].name << " " << given[i].value);
    CHECK(first_difference(given, without(given, i)).has_value());
    CHECK(first_difference(without(given, i), given).has_value());
    Fields changed = given;
    changed[i].value += "x";
    CHECK(first_difference(given, changed).has_value());
    changed = given;
    changed[i].name += "x";
    CHECK(first_difference(given, changed).has_value());
  }
}

TEST_CASE("variables without effect are seen as pcargo was given them, others as the process sees them") {
  Build build;
  build.fixture.settings.environment.set("HOME", "/home");
  build.fixture.settings.environment.set("LD_LIBRARY_PATH", "/inherited");
  build.plan = build.fixture.plan({build.app});
  auto invocation = build.plan->compile_invocation(build.app, build.scripts);
  CHECK(variable_seen(*build.plan, invocation, "HOME") == "/home");
  CHECK(variable_seen(*build.plan, invocation, "CARGO_PKG_NAME") == "app");
  CHECK(variable_seen(*build.plan, invocation, "LD_LIBRARY_PATH") == "/inherited");
  CHECK(variable_seen(*build.plan, invocation, "UNSET") == std::nullopt);
  invocation.removed_environment = {"HOME"};
  CHECK(variable_seen(*build.plan, invocation, "HOME") == std::nullopt);
}
