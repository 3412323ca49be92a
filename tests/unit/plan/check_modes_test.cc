// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/check_modes.h"

#include "support/plan_fixture.h"

#include <catch2/catch.hpp>

using pcargo::UnitId;
using pcargo::cargo::CompileMode;
using pcargo::cargo::TargetKind;
using pcargo::plan::TargetSelection;

namespace {

CompileMode mode_of_single_library(const TargetSelection& selection, bool test_profile = false) {
  pcargo::test::PlanFixture f;
  const auto library = f.unit("x", TargetKind::kLib, {"lib"}, {}, CompileMode::kCheck);
  f.graph.roots = {library};
  pcargo::plan::infer_check_tests(&f.graph, selection, test_profile);
  return f.graph.units[library].mode;
}

}  // namespace

TEST_CASE("a single root is a test when only tests were asked for") {
  CHECK(mode_of_single_library({}) == CompileMode::kCheck);
  CHECK(mode_of_single_library({.tests = true}) == CompileMode::kCheckTest);
  CHECK(mode_of_single_library({.benches = true}) == CompileMode::kCheckTest);
  CHECK(mode_of_single_library({.lib = true, .tests = true}) == CompileMode::kCheck);
  CHECK(mode_of_single_library({.all_targets = true}) == CompileMode::kCheck);
  CHECK(mode_of_single_library({}, true) == CompileMode::kCheckTest);
}

TEST_CASE("of two equal units the second is the test") {
  pcargo::test::PlanFixture f;
  const auto plain = f.unit("x", TargetKind::kLib, {"lib"}, {}, CompileMode::kCheck);
  auto twin = f.graph.units[plain];
  const auto test = f.graph.units.push_back(twin);
  const auto dependency = f.unit("y", TargetKind::kLib, {"lib"}, {}, CompileMode::kCheck);
  f.graph.roots = {plain, test};
  pcargo::plan::infer_check_tests(&f.graph, {.all_targets = true}, false);
  CHECK(f.graph.units[plain].mode == CompileMode::kCheck);
  CHECK(f.graph.units[test].mode == CompileMode::kCheckTest);
  CHECK(f.graph.units[dependency].mode == CompileMode::kCheck);
}

TEST_CASE("integration tests and benches are always tests") {
  pcargo::test::PlanFixture f;
  const auto test = f.unit("x", TargetKind::kTest, {"bin"}, {}, CompileMode::kCheck);
  f.graph.roots = {test};
  pcargo::plan::infer_check_tests(&f.graph, {}, false);
  CHECK(f.graph.units[test].mode == CompileMode::kCheckTest);
}
