// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/plan_file.h"

#include "cargo/package_spec.h"
#include "plan/planned_invocation.h"
#include "support/plan_fixture.h"

#include <catch2/catch.hpp>

using namespace pcargo;
using namespace pcargo::plan;

namespace {

/// A plan in which as much as possible is not as it is by default.
struct Rich : test::PlanFixture {
  Rich() {
    const auto low = lib("low");
    const auto script = this->script("mid");
    const auto run = script_run("mid", {{script, "build_script_build"}});
    const auto mid = lib("mid", {{low, "low"}, {run, "build_script_mid"}});
    roots = {bin("app", {{mid, "mid"}})};
    const auto foreign = script_run("native", {});
    graph.units[mid].dependencies.push_back(
        {foreign, graph.crate_names.push_back("build_script_native"), true, true, true});

    auto& package = packages[graph.units[mid].package];
    package.links = "mid";
    package.description = "a \"quoted\" ü\nword";
    package.lint_flags = {"-Dwarnings"};
    package.targets = {{cargo::TargetKind::kLib, "mid", "src/lib.rs", false, {"lib", "cdylib"}, "file"}};
    package.source = cargo::SourceKind::kGit;
    packages[graph.units[foreign].package].links = "z";
    cargo::BuildScriptOutput answer;
    answer.library_paths = {"native=/z"};
    answer.linker_args = {{{cargo::LinkArgTarget::Kind::kSingleBin, "app"}, "-Wl,x"}};
    answer.env = {{"A", "b"}};
    answer.log_messages = {{cargo::BuildScriptOutput::Severity::kError, "no"}};
    settings.targets[cargo::kHostPlatform].links_overrides["z"] = answer;
    settings.targets[cargo::kHostPlatform].info.cfg = {{"unix", std::nullopt}, {"target_os", "linux"}};
    settings.targets[cargo::kHostPlatform].info.naming["sdylib"] = std::nullopt;
    settings.targets[cargo::kHostPlatform].runner = {"qemu", "-x"};
    settings.config_env = {{"FORCED", {"v", true}}, {"GIVES_WAY", {"w", false}}};
    settings.extra_rustc_args = {"-v"};
    settings.dep_info_basedir = "/base";
    settings.rustc_wrapper = "/bin/wrapper";
    settings.selection.examples = true;
    settings.jobs = 7;
    settings.environment.set("PATH", "/new");
    settings.environment.set("SECRET", "s");
    inherited.set("PATH", "/old");
    inherited.set("SECRET", "s");
    inherited.set("GONE", "g");
  }

  std::string text() { return *write_plan_file(*plan(roots), {"z", true}, inherited); }

  std::vector<UnitId> roots;
  Environment inherited;
};

std::string refusal(const std::string& text, const Environment& environment) {
  const auto file = read_plan_file(text, environment);
  return file ? "accepted" : file.error().message;
}

}  // namespace

TEST_CASE("a plan that is written and read again is the same plan") {
  Rich rich;
  const std::string text = rich.text();
  CHECK(refusal(text, rich.inherited) == "accepted");
  const auto file = read_plan_file(text, rich.inherited);
  REQUIRE(file);
  CHECK(file->settings.jobs == 7);
  CHECK(file->finished.opt_level == "z");
  const auto plan = *BuildPlan::make(file->graph, file->packages, file->settings);
  CHECK(*write_plan_file(*plan, file->finished, rich.inherited) == text);
}

TEST_CASE("packages may have their ids in the form of older cargos") {
  Rich rich;
  for (std::uint32_t i = 0; i < rich.packages.size(); ++i) {
    const cargo::PackageId id{i};
    rich.packages[id].id = cargo::to_older_form(*cargo::parse_package_spec(rich.graph.package_ids[id]), "");
    CHECK(rich.packages[id].id != rich.graph.package_ids[id]);
  }
  CHECK(refusal(rich.text(), rich.inherited) == "accepted");
}

TEST_CASE("only what planning changed of the environment is in the file") {
  Rich rich;
  const std::string text = rich.text();
  CHECK(text.find("SECRET") == std::string::npos);
  Environment there;
  there.set("PATH", GENERATE("/elsewhere", "/new"));
  if (GENERATE(true, false)) {
    there.set("GONE", "g");
  }
  there.set("OTHER", "o");
  const auto file = read_plan_file(text, there);
  REQUIRE(file);
  CHECK(file->settings.environment.get("PATH") == "/new");
  CHECK(file->settings.environment.get("OTHER") == "o");
  CHECK_FALSE(file->settings.environment.contains("GONE"));
  CHECK_FALSE(file->settings.environment.contains("SECRET"));
}

TEST_CASE("variables that commands are made with are those of the plan") {
  Rich rich;
  rich.inherited.set("LD_LIBRARY_PATH", "/lib");
  rich.settings.environment.set("LD_LIBRARY_PATH", "/lib");
  const std::string text = rich.text();
  Environment there;
  there.set("LD_LIBRARY_PATH", "/other");
  there.set("GIVES_WAY", "to this");
  const auto file = read_plan_file(text, there);
  REQUIRE(file);
  CHECK(file->settings.environment.get("LD_LIBRARY_PATH") == "/lib");
  CHECK_FALSE(file->settings.environment.contains("GIVES_WAY"));
}

TEST_CASE("a word that is changed anywhere is seen") {
  Rich rich;
  const std::string text = rich.text();
  std::size_t seen = 0;
  for (std::size_t at = text.find("low"); at != std::string::npos; at = text.find("low", at + 1)) {
    std::string changed = text;
    changed[at] = 'b';
    INFO(text.substr(at > 60 ? at - 60 : 0, 80));
    CHECK(refusal(changed, rich.inherited) != "accepted");
    ++seen;
  }
  CHECK(seen > 20);
}

TEST_CASE("a plan cut off anywhere is refused") {
  Rich rich;
  const std::string text = rich.text();
  for (std::size_t length = 0; length + 1 < text.size(); length += 7) {
    REQUIRE(refusal(text.substr(0, length), rich.inherited) != "accepted");
  }
}

TEST_CASE("what is not UTF-8 cannot be written") {
  Rich rich;
  rich.settings.workspace_root = "/w\xff";
  CHECK_FALSE(write_plan_file(*rich.plan(rich.roots), {"0", true}, rich.inherited));
}

TEST_CASE("an overridden script runs nothing, and nobody waits for what it says") {
  Rich rich;
  const auto plan = rich.plan(rich.roots);
  const auto known = overridden_scripts(*plan);
  REQUIRE(known.size() == 1);
  const UnitId foreign = known.begin()->first;
  CHECK(planned_invocation(*plan, foreign, known).work == PlannedInvocation::Work::kNothing);
  for (std::uint32_t i = 0; i < plan->graph().units.size(); ++i) {
    for (const UnitId run : planned_invocation(*plan, UnitId{i}, known).after_scripts) {
      CHECK(run != foreign);
    }
  }
}
