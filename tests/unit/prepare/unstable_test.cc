// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/unstable.h"

#include "prepare/planner.h"

#include <catch2/catch.hpp>

using namespace pcargo;
using namespace pcargo::prepare;

namespace {

using Words = std::vector<std::string>;

Environment with(const std::string& name, const std::string& value) {
  Environment environment;
  environment.set(name, value);
  return environment;
}

cargo::ConfigValue boolean(bool value) {
  cargo::ConfigValue result;
  result.kind = cargo::ConfigValue::Kind::kBoolean;
  result.boolean = value;
  return result;
}

cargo::ConfigValue unstable_table(const std::string& key, cargo::ConfigValue value) {
  cargo::ConfigValue table;
  table.table.emplace(key, std::move(value));
  return table;
}

}  // namespace

TEST_CASE("a cargo built elsewhere may hide its channel") {
  CHECK(may_hide_its_channel("cargo 1.65.0\n"));
  CHECK(may_hide_its_channel("cargo 1.96.0 (30a34c682 2026-05-25) (built from a source tarball)\n"));
  CHECK_FALSE(may_hide_its_channel("cargo 1.95.0 (f2d3ce0bd 2026-03-21)\n"));
}

TEST_CASE("the channel is the override's, then the bootstrap variable's, then the version's") {
  CHECK(!nightly_features_allowed({}, "1.95.0"));
  CHECK(!nightly_features_allowed({}, "1.96.0-beta.3"));
  CHECK(nightly_features_allowed({}, "1.97.0-nightly"));
  CHECK(nightly_features_allowed(with("RUSTC_BOOTSTRAP", "1"), "1.95.0"));
  CHECK(!nightly_features_allowed(with("RUSTC_BOOTSTRAP", "my_crate"), "1.95.0"));
  CHECK(!nightly_features_allowed(with("__CARGO_TEST_CHANNEL_OVERRIDE_DO_NOT_USE_THIS", "stable"), "1.97.0-nightly"));
}

TEST_CASE("-Z is plain cargo's to refuse on stable, and ours to pass on nightly") {
  CHECK(refused_flag({"-Z", "bindeps"}, false) == "-Z");
  CHECK(refused_flag({"-Zbindeps"}, false) == "-Z");
  CHECK(!refused_flag({"-Zbindeps"}, true));
  CHECK(!refused_flag({"--", "-Zbindeps"}, false));
}

TEST_CASE("flags that want -Z unstable-options are refused without it, although the planning run has it") {
  CHECK(refused_flag({"--artifact-dir", "x"}, true) == "--artifact-dir");
  CHECK(refused_flag({"--artifact-dir=x"}, false) == "--artifact-dir");
  CHECK(refused_flag({"--unit-graph"}, true) == "--unit-graph");
  CHECK(refused_flag({"--print", "cfg"}, true) == "--print");
  CHECK(!refused_flag({"--artifact-dir=x", "-Zunstable-options"}, true));
}

TEST_CASE("switches of the unstable table are switched off, what cannot be is plain cargo's") {
  auto switches = unstable_table("bindeps", boolean(true));
  switches.table.emplace("host-config", boolean(false));
  CHECK(neutralize_unstable_table(&switches) == Words{"unstable.bindeps=false"});
  cargo::ConfigValue core;
  core.kind = cargo::ConfigValue::Kind::kList;
  auto list = unstable_table("build-std", core);
  CHECK(!neutralize_unstable_table(&list));
  CHECK(neutralize_unstable_table(nullptr) == Words{});
}

TEST_CASE("the version is waited for only where something depends on it") {
  auto table = unstable_table("bindeps", boolean(true));
  CHECK(!uses_unstable_features({}, {"--release"}, nullptr));
  CHECK(uses_unstable_features({}, {"-Zbindeps"}, nullptr));
  CHECK(uses_unstable_features({}, {}, &table));
  CHECK(uses_unstable_features(with("CARGO_UNSTABLE_BINDEPS", "true"), {}, nullptr));
}

TEST_CASE("manifest features that became stable are no matter") {
  cargo::Package package;
  package.cargo_features = {"edition2021", "strip"};
  CHECK(!unstable_manifest_feature(package));
  package.cargo_features.emplace_back("public-dependency");
  CHECK(unstable_manifest_feature(package) == "public-dependency");
}

TEST_CASE("the unit graph is asked for with the user's own words, ours before the program's") {
  PlanRequest request{.cargo = "/t/cargo", .command = "rustc", .arguments = {"--release", "--", "-Copt-level=1"}};
  request.extra_config = {"unstable.bindeps=false"};
  CHECK(unit_graph_command(request) == Words{"/t/cargo",
                                             "rustc",
                                             "--unit-graph",
                                             "-Z",
                                             "unstable-options",
                                             "--release",
                                             "--config",
                                             "unstable.bindeps=false",
                                             "--",
                                             "-Copt-level=1"});
  request.arguments = {"-Zunstable-options"};
  request.extra_config.clear();
  CHECK(unit_graph_command(request) == Words{"/t/cargo", "rustc", "--unit-graph", "-Zunstable-options"});
}

TEST_CASE("cargo hears how loud to be and checks what is ours to do") {
  CommandLine line;
  line.planner_arguments = {"--release", "-p", "a"};
  line.verbose = 2;
  line.jobs = "-1";
  line.keep_going = true;
  line.color = "never";
  line.message_formats = {"json"};
  line.trailing_arguments = {"x"};
  CHECK(cargo_arguments(line) == Words{"--release",
                                       "-p",
                                       "a",
                                       "-v",
                                       "-v",
                                       "--keep-going",
                                       "--color",
                                       "never",
                                       "--jobs=-1",
                                       "--message-format",
                                       "json"});
}

TEST_CASE("metadata gets what changes the workspace and nothing else") {
  PlanRequest request{.cargo = "cargo",
                      .command = "build",
                      .arguments = {"-r",
                                    "--manifest-path=a/Cargo.toml",
                                    "--config",
                                    "build.target-dir='x'",
                                    "-p",
                                    "b",
                                    "--offline",
                                    "--",
                                    "--locked"}};
  CHECK(metadata_command(request, true) == Words{"cargo",
                                                 "metadata",
                                                 "--no-deps",
                                                 "--format-version",
                                                 "1",
                                                 "--manifest-path",
                                                 "a/Cargo.toml",
                                                 "--config",
                                                 "build.target-dir='x'",
                                                 "--offline",
                                                 "--color",
                                                 "always"});
  request.arguments = {"--color", "never"};
  CHECK(metadata_command(request, true).back() == "never");
}

TEST_CASE("the lock is opened for the planning run alone, and only on a cargo that has one") {
  Environment ours = with("CARGO_UNSTABLE_BINDEPS", "true");
  auto stable = planning_environment(ours, true);
  CHECK(stable.get("__CARGO_TEST_CHANNEL_OVERRIDE_DO_NOT_USE_THIS") == "nightly");
  CHECK(stable.get("CARGO_CACHE_RUSTC_INFO") == "0");
  CHECK(!stable.contains("CARGO_UNSTABLE_BINDEPS"));
  CHECK(ours.contains("CARGO_UNSTABLE_BINDEPS"));

  auto nightly = planning_environment(ours, false);
  CHECK(!nightly.contains("__CARGO_TEST_CHANNEL_OVERRIDE_DO_NOT_USE_THIS"));
  CHECK(nightly.contains("CARGO_UNSTABLE_BINDEPS"));
}
