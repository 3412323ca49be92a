// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/build_plan.h"

#include "support/plan_fixture.h"

#include <catch2/catch.hpp>

#include <algorithm>

using pcargo::Milestone;
using pcargo::UnitId;
using pcargo::plan::Invocation;
using pcargo::test::PlanFixture;
using Words = std::vector<std::string>;

namespace {

/// What stands behind each occurrence of `option`.
Words values_of(const Invocation& invocation, const std::string& option) {
  Words values;
  for (std::size_t i = 0; i + 1 < invocation.argv.size(); ++i) {
    if (invocation.argv[i] == option) {
      values.push_back(invocation.argv[i + 1]);
    }
  }
  return values;
}

bool has(const Invocation& invocation, const std::string& word) {
  return std::find(invocation.argv.begin(), invocation.argv.end(), word) != invocation.argv.end();
}

std::vector<std::pair<std::uint32_t, Milestone>> edges_of(const pcargo::plan::BuildPlan& plan, UnitId unit) {
  std::vector<std::pair<std::uint32_t, Milestone>> edges;
  for (const auto& edge : plan.actions().dependencies(unit)) {
    edges.emplace_back(edge.unit.value, edge.waits);
  }
  return edges;
}

}  // namespace

TEST_CASE("a library waits for metadata, a binary for all that lies below") {
  PlanFixture f;
  const auto core = f.lib("core");
  const auto util = f.lib("util", {{core, "core"}});
  const auto app = f.bin("app", {{util, "util"}});
  const auto plan = f.plan({app});
  CHECK(edges_of(*plan, util) == std::vector<std::pair<std::uint32_t, Milestone>>{{0, Milestone::kMetadata}});
  CHECK(edges_of(*plan, app) == std::vector<std::pair<std::uint32_t, Milestone>>{{1, Milestone::kClosure}});
  CHECK(plan->metadata_is_awaited(core));
  CHECK_FALSE(plan->metadata_is_awaited(util));

  const auto of_util = plan->compile_invocation(util, {});
  CHECK(values_of(of_util, "--extern").front() == "core=" + plan->outputs(core)[1].path);
  CHECK(plan->outputs(core)[1].flavor == pcargo::plan::OutputFile::Flavor::kRmeta);
  const auto of_app = plan->compile_invocation(app, {});
  CHECK(values_of(of_app, "--extern").front() == "util=" + plan->outputs(util)[0].path);
}

TEST_CASE("a test does not wait for the binaries that it will run") {
  PlanFixture f;
  const auto library = f.lib("app");
  const auto binary = f.bin("app", {{library, "app"}});
  const auto test = f.unit("app",
                           pcargo::cargo::TargetKind::kTest,
                           {"bin"},
                           {{binary, "app"}, {library, "app"}},
                           pcargo::cargo::CompileMode::kTest);
  const auto plan = f.plan({test, binary});
  for (const auto& edge : plan->actions().dependencies(test)) {
    CHECK(edge.unit == library);
  }
}

TEST_CASE("final places: binaries always, libraries only at the root, nothing for a check") {
  PlanFixture f;
  const auto library = f.lib("util");
  const auto app = f.bin("my-app", {{library, "util"}});
  CHECK(f.plan({app})->outputs(app)[0].final_path == "/ws/target/debug/my-app");
  CHECK_FALSE(f.plan({app})->outputs(library)[0].final_path);
  CHECK(f.plan({app, library})->outputs(library)[0].final_path == "/ws/target/debug/libutil.rlib");
  f.settings.check_only = true;
  CHECK_FALSE(f.plan({app})->outputs(app)[0].final_path);
}

TEST_CASE("names: a dylib of a path package has no hash in its file, a cdylib test has") {
  PlanFixture f;
  const auto dylib = f.unit("dy", pcargo::cargo::TargetKind::kLib, {"dylib"});
  const auto test = f.unit("dy", pcargo::cargo::TargetKind::kLib, {"dylib"}, {}, pcargo::cargo::CompileMode::kTest);
  const auto plan = f.plan({dylib, test});
  CHECK_FALSE(plan->extra_filename(dylib));
  CHECK(plan->extra_filename(test));
  CHECK(plan->outputs(dylib)[0].path == "/ws/target/pcargo/debug/deps/libdy.so");
}

TEST_CASE("hashes do not depend on where the checkout lies") {
  const auto names_at = [](const std::string& root) {
    PlanFixture f;
    const auto library = f.lib("util");
    for (auto& package : f.packages) {
      package.root = root + "/util";
      package.manifest_path = root + "/util/Cargo.toml";
      package.id = "path+file://" + root + "/util#1.0.0";
    }
    f.settings.workspace_root = root;
    const auto plan = f.plan({library});
    return std::pair(plan->metadata(library), plan->extra_filename(library));
  };
  CHECK(names_at("/ws") == names_at("/home/someone/else where"));
}

TEST_CASE("hashes tell apart what cargo keeps apart") {
  PlanFixture base;
  const auto library = base.lib("util");
  const auto reference = base.plan({library});

  SECTION("rustflags change file names but not symbols") {
    PlanFixture f = base;
    f.settings.targets[pcargo::cargo::kHostPlatform].rustflags = {"-Ctarget-cpu=native"};
    const auto plan = f.plan({library});
    CHECK(plan->metadata(library) == reference->metadata(library));
    CHECK(plan->extra_filename(library) != reference->extra_filename(library));
  }
  SECTION("remapped paths stay out of both") {
    PlanFixture f = base;
    f.settings.targets[pcargo::cargo::kHostPlatform].rustflags = {"--remap-path-prefix=/ws=x"};
    CHECK(f.plan({library})->extra_filename(library) == reference->extra_filename(library));
  }
  SECTION("features, profile, mode, version, compiler change both") {
    const auto changed = [&](auto change) {
      PlanFixture f = base;
      change(f);
      const auto plan = f.plan({library});
      CHECK(plan->metadata(library) != reference->metadata(library));
      CHECK(plan->extra_filename(library) != reference->extra_filename(library));
    };
    changed([](PlanFixture& f) { f.graph.feature_sets[pcargo::cargo::FeatureSetId{0}] = {"x"}; });
    changed([](PlanFixture& f) { f.graph.profiles[pcargo::cargo::ProfileId{0}].opt_level = "1"; });
    changed([](PlanFixture& f) { f.graph.units[UnitId{0}].mode = pcargo::cargo::CompileMode::kTest; });
    changed([](PlanFixture& f) { f.packages[pcargo::cargo::PackageId{0}].version = "1.0.1"; });
    changed([](PlanFixture& f) { f.settings.toolchain.verbose_version = "rustc 1.96.0\nhost: h\n"; });
    changed([](PlanFixture& f) { f.settings.rustc_workspace_wrapper = "/w"; });
  }
  SECTION("the profile's name changes nothing") {
    PlanFixture f = base;
    f.graph.profiles[pcargo::cargo::ProfileId{0}].name = "test";
    CHECK(f.plan({library})->extra_filename(library) == reference->extra_filename(library));
  }
}

TEST_CASE("a script's directives reach its own package and, as search paths, what links it") {
  PlanFixture f;
  const auto compile = f.script("sys");
  const auto run = f.script_run("sys", {{compile, "build_script_build"}});
  const auto sys = f.lib("sys", {{run, "build_script_build"}});
  const auto app = f.bin("app", {{sys, "sys"}});
  f.packages[f.package("sys")].targets = {{pcargo::cargo::TargetKind::kLib, "sys"}};
  const auto plan = f.plan({app});

  pcargo::plan::ScriptOutputs scripts;
  scripts[run].library_paths = {"native=/elsewhere", plan->out_dir(run) + "/lib"};
  scripts[run].library_links = {"static=z"};
  scripts[run].cfgs = {"has_z"};
  scripts[run].env = {{"Z_VERSION", "3"}};
  scripts[run].linker_args = {{{}, "-Wl,--own"}};

  const auto of_sys = plan->compile_invocation(sys, scripts);
  const Words search{"dependency=/ws/target/pcargo/debug/deps", plan->out_dir(run) + "/lib", "native=/elsewhere"};
  CHECK(values_of(of_sys, "-L") == search);
  CHECK(values_of(of_sys, "-l") == Words{"static=z"});
  CHECK(has(of_sys, "link-arg=-Wl,--own"));
  CHECK(has(of_sys, "has_z"));
  CHECK(of_sys.set_environment.at("Z_VERSION") == "3");
  CHECK(of_sys.set_environment.at("OUT_DIR") == plan->out_dir(run));

  const auto of_app = plan->compile_invocation(app, scripts);
  CHECK(values_of(of_app, "-L") == search);
  CHECK(values_of(of_app, "-l").empty());
  CHECK_FALSE(has(of_app, "link-arg=-Wl,--own"));
  CHECK_FALSE(has(of_app, "has_z"));
  CHECK(of_app.set_environment.count("Z_VERSION") == 0);
}

TEST_CASE("a script runs in its package with the profile of the library") {
  PlanFixture f;
  const auto compile = f.script("sys");
  const auto run = f.script_run("sys", {{compile, "build_script_build"}});
  const auto sys = f.lib("sys", {{run, "build_script_build"}});
  f.packages[f.package("sys")].links = "z-lib";
  f.settings.targets[pcargo::cargo::kHostPlatform].info.cfg = {
      {"debug_assertions", std::nullopt}, {"target_os", "linux"}, {"target_family", "unix"}, {"unix", std::nullopt}};
  f.settings.jobs = 3;
  const auto plan = f.plan({sys});
  const auto invocation = plan->script_invocation(run, {});
  CHECK(invocation.argv.size() == 1);
  CHECK(invocation.working_directory == "/ws/sys");
  const auto& environment = invocation.set_environment;
  CHECK(environment.at("CARGO_MANIFEST_LINKS") == "z-lib");
  CHECK(environment.at("NUM_JOBS") == "3");
  CHECK(environment.at("CARGO_CFG_TARGET_OS") == "linux");
  CHECK(environment.at("CARGO_CFG_UNIX").empty());
  CHECK(environment.at("CARGO_CFG_FEATURE").empty());
  CHECK(environment.at("CARGO_ENCODED_RUSTFLAGS").empty());
  CHECK(environment.count("CARGO_CFG_DEBUG_ASSERTIONS") == 1);
  CHECK(environment.count("CARGO_PRIMARY_PACKAGE") == 0);
  CHECK(environment.count("CARGO_CRATE_NAME") == 0);
  CHECK(invocation.removed_environment == Words{"RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"});
}

TEST_CASE("metadata of a script with links reaches the scripts of dependents") {
  PlanFixture f;
  const auto below = f.script_run("sys", {{f.script("sys"), "build_script_build"}});
  const auto run = f.script_run("app", {{f.script("app"), "build_script_build"}, {below, "build_script_build"}});
  const auto app = f.lib("app", {{run, "build_script_build"}});
  f.packages[f.package("sys")].links = "z-lib";
  const auto plan = f.plan({app});
  pcargo::plan::ScriptOutputs scripts;
  scripts[below].metadata = {{"inc-dir", "/inc"}};
  CHECK(plan->script_invocation(run, scripts).set_environment.at("DEP_Z_LIB_INC_DIR") == "/inc");
}

TEST_CASE("[env] never overrides what cargo sets, and gives way to the process's own variables unless forced") {
  PlanFixture f;
  const auto app = f.lib("app");
  f.settings.environment.set("PRESENT", "ours");
  f.settings.environment.set("FORCED", "ours");
  f.settings.config_env = {{"CARGO_PKG_NAME", {"x", true}},
                           {"NEW", {"new", false}},
                           {"PRESENT", {"theirs", false}},
                           {"FORCED", {"theirs", true}}};
  const auto variables = f.plan({app})->compile_invocation(app, {}).set_environment;
  CHECK(variables.at("CARGO_PKG_NAME") == "app");
  CHECK(variables.at("NEW") == "new");
  CHECK(variables.count("PRESENT") == 0);
  CHECK(variables.at("FORCED") == "theirs");
}

TEST_CASE("a library path that already begins with ours stays as it is") {
  PlanFixture f;
  const auto app = f.lib("app");
  const std::string deps = "/ws/target/pcargo/debug/deps";
  CHECK(f.plan({app})->compile_invocation(app, {}).set_environment.at("LD_LIBRARY_PATH") == deps);
  f.settings.environment.set("LD_LIBRARY_PATH", "/a");
  CHECK(f.plan({app})->compile_invocation(app, {}).set_environment.at("LD_LIBRARY_PATH") == deps + ":/a");
  f.settings.environment.set("LD_LIBRARY_PATH", deps + ":/a");
  CHECK(f.plan({app})->compile_invocation(app, {}).set_environment.at("LD_LIBRARY_PATH") == deps + ":/a");
}

TEST_CASE("wrappers stand in front of rustc, the workspace's only for members") {
  PlanFixture f;
  const auto app = f.lib("app");
  f.settings.rustc_wrapper = "/w";
  f.settings.rustc_workspace_wrapper = "/ww";
  auto argv = f.plan({app})->compile_invocation(app, {}).argv;
  CHECK(Words(argv.begin(), argv.begin() + 3) == Words{"/w", "/ww", "/bin/rustc"});
  f.packages[f.package("app")].is_member = false;
  argv = f.plan({app})->compile_invocation(app, {}).argv;
  CHECK(Words(argv.begin(), argv.begin() + 2) == Words{"/w", "/bin/rustc"});
}

TEST_CASE("several crate types in one word, as an old cargo hands them on, are named by the first") {
  PlanFixture f;
  const auto both = f.unit("both", pcargo::cargo::TargetKind::kLib, {"staticlib,cdylib"});
  const auto plan = f.plan({both});
  CHECK(plan->outputs(both).size() == 1);
  CHECK(plan->outputs(both)[0].final_path == "/ws/target/debug/libboth.a");
}

TEST_CASE("a crate type that the target does not support stops the build before it begins") {
  PlanFixture f;
  const auto dylib = f.unit("dy", pcargo::cargo::TargetKind::kLib, {"cdylib"});
  f.settings.targets[pcargo::cargo::kHostPlatform].info.naming["cdylib"] = std::nullopt;
  f.graph.roots = {dylib};
  const auto plan = pcargo::plan::BuildPlan::make(f.graph, f.packages, f.settings);
  REQUIRE_FALSE(plan);
  CHECK(plan.error().message ==
        "cannot produce cdylib for `dy v1.0.0 (/ws/dy)` as the target `h` does not support these crate types");
}
