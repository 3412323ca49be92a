// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/unit_key.h"

#include "support/plan_fixture.h"

#include <catch2/catch.hpp>

#include <functional>

namespace pcargo::record {
namespace {

using test::PlanFixture;

UnitKey key_of(const std::function<void(PlanFixture&)>& change, const std::string& machine = "m") {
  PlanFixture fixture;
  const UnitId unit = fixture.lib("util");
  change(fixture);
  return unit_key(*fixture.plan({unit}), unit, machine);
}

TEST_CASE("all that makes another time of a unit makes another variant") {
  using Change = std::function<void(PlanFixture&)>;
  const auto profile = [](const std::function<void(cargo::Profile&)>& change) -> Change {
    return [change](PlanFixture& fixture) { change(fixture.graph.profiles[cargo::ProfileId{0}]); };
  };
  const auto usual = key_of([](PlanFixture&) {}).variant;
  CHECK(key_of([](PlanFixture&) {}).variant == usual);
  CHECK(key_of([](PlanFixture&) {}, "n").variant != usual);
  const std::vector<std::pair<std::string, Change>> changes = {
      {"version", [](PlanFixture& fixture) { fixture.packages[cargo::PackageId{0}].version = "1.0.1"; }},
      {"features", [](PlanFixture& fixture) { fixture.graph.feature_sets[cargo::FeatureSetId{0}] = {"derive"}; }},
      {"compiler", [](PlanFixture& fixture) { fixture.settings.toolchain.verbose_version = "rustc 1.96.0\n"; }},
      {"wrapper", [](PlanFixture& fixture) { fixture.settings.rustc_wrapper = "sccache"; }},
      {"rustflags",
       [](PlanFixture& fixture) {
         fixture.settings.targets[cargo::kHostPlatform].rustflags = {"-Ctarget-cpu=native"};
       }},
      {"mode", [](PlanFixture& fixture) { fixture.graph.units[UnitId{0}].mode = cargo::CompileMode::kCheck; }},
      {"opt level", profile([](cargo::Profile& p) { p.opt_level = "3"; })},
      {"debuginfo", profile([](cargo::Profile& p) { p.debuginfo = "0"; })},
      {"lto", profile([](cargo::Profile& p) { p.lto = "thin"; })},
      {"codegen units", profile([](cargo::Profile& p) { p.codegen_units = 1; })},
      {"assertions", profile([](cargo::Profile& p) { p.debug_assertions = false; })},
      {"overflow checks", profile([](cargo::Profile& p) { p.overflow_checks = false; })},
      {"incremental", profile([](cargo::Profile& p) { p.incremental = true; })},
      {"panic", profile([](cargo::Profile& p) { p.panic = "abort"; })},
  };
  for (const auto& [what, change] : changes) {
    INFO(what);
    CHECK(key_of(change).variant != usual);
  }
}

TEST_CASE("another checkout is the same unit") {
  PlanFixture here("/here");
  PlanFixture there("/there");
  const UnitId a = here.lib("util");
  const UnitId b = there.lib("util");
  CHECK(unit_key(*here.plan({a}), a, "m").variant == unit_key(*there.plan({b}), b, "m").variant);
}

TEST_CASE("programs go by their name, a library and a build script by what they are") {
  PlanFixture fixture;
  const UnitId script = fixture.script("app");
  const UnitId run = fixture.script_run("app", {{script, "build_script_build"}});
  const UnitId lib = fixture.lib("app");
  const UnitId bin = fixture.bin("app", {{lib, "app"}});
  const auto plan = fixture.plan({bin, run});
  CHECK(unit_key(*plan, lib, "").target == "lib");
  CHECK(unit_key(*plan, bin, "").target == "bin app");
  CHECK(unit_key(*plan, script, "").target == "build-script");
  CHECK(unit_key(*plan, script, "").mode == "build");
  CHECK(unit_key(*plan, run, "").target == "build-script");
  CHECK(unit_key(*plan, run, "").mode == "run-custom-build");
}

}  // namespace
}  // namespace pcargo::record
