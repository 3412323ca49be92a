// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/build_plan_reader.h"

#include "support/build_plan_text.h"
#include "support/memory_file_system.h"
#include "support/recorded_plan.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

using namespace pcargo::cargo;
using pcargo::UnitId;
using pcargo::test::InvocationText;
using pcargo::test::MemoryFileSystem;
using pcargo::test::plan_text;
using pcargo::test::RecordedPlan;

namespace {

using Strings = std::vector<std::string>;

Target target_of(const std::string& kind, const std::string& name, const std::string& source) {
  Target target;
  target.kind_names = {kind};
  target.kind = kind == "bin"            ? TargetKind::kBin
                : kind == "test"         ? TargetKind::kTest
                : kind == "custom-build" ? TargetKind::kCustomBuild
                                         : TargetKind::kLib;
  target.crate_types = {kind == "lib" ? "lib" : "bin"};
  target.name = name;
  target.src_path = source;
  target.edition = "2021";
  target.doc = true;
  return target;
}

/// A workspace of one member, /w/app, with everything; `dep` comes from a registry.
struct Workspace {
  WorkspaceMetadata metadata;
  MemoryFileSystem files;
  BuildPlanContext context{metadata, files, "", "dev"};

  Workspace() {
    metadata.workspace_root = "/w";
    WorkspaceMember app;
    app.id = "path+file:///w/app#my-app@0.1.0";
    app.name = "my-app";
    app.version = "0.1.0";
    app.manifest_path = "/w/app/Cargo.toml";
    app.targets = {target_of("lib", "my_app", "/w/app/src/lib.rs"),
                   target_of("bin", "my-app", "/w/app/src/main.rs"),
                   target_of("test", "it", "/w/app/tests/it.rs"),
                   target_of("custom-build", "build-script-build", "/w/app/build.rs")};
    metadata.members = {app};
    files.files["/r/dep-1.0.0/Cargo.toml"] = "[package]\nname = \"dep\"\n";
    context.lock_file =
        "[[package]]\nname = \"dep\"\nversion = \"1.0.0\"\nsource = \"registry+https://example.org/index\"\n";
    context.rustflags[""] = {};
  }

  UnitGraph read(const std::vector<InvocationText>& invocations) const {
    auto graph = read_build_plan(plan_text(invocations), context);
    INFO((graph ? "" : graph.error().message));
    REQUIRE(graph);
    return *std::move(graph);
  }

  std::string error_of(const std::vector<InvocationText>& invocations) const {
    return error_of_text(plan_text(invocations));
  }
  std::string error_of_text(const std::string& json) const {
    const auto graph = read_build_plan(json, context);
    return graph ? "no error" : graph.error().message;
  }
};

InvocationText library() {
  InvocationText text;
  text.outputs = {"/t/debug/deps/libmy_app-1.rlib", "/t/debug/deps/libmy_app-1.rmeta"};
  text.links = {"/t/debug/libmy_app.rlib"};
  text.args = {"--crate-name",
               "my_app",
               "--edition=2021",
               "app/src/lib.rs",
               "--error-format=json",
               "--crate-type",
               "lib",
               "--emit=dep-info,metadata,link",
               "-C",
               "embed-bitcode=no",
               "-C",
               "metadata=1",
               "--out-dir",
               "/t/debug/deps"};
  text.env["CARGO_PRIMARY_PACKAGE"] = "1";
  return text;
}

InvocationText program(std::vector<int> deps) {
  InvocationText text;
  text.kind = "bin";
  text.deps = std::move(deps);
  text.outputs = {"/t/debug/deps/my_app-2"};
  text.links = {"/t/debug/my-app"};
  text.args = {
      "--crate-name", "my_app", "--edition=2021", "app/src/main.rs", "--crate-type", "bin", "-C", "embed-bitcode=no"};
  text.env["CARGO_PRIMARY_PACKAGE"] = "1";
  return text;
}

InvocationText dependency() {
  InvocationText text;
  text.name = "dep";
  text.version = "1.0.0";
  text.cwd = "/r/dep-1.0.0";
  text.env["CARGO_MANIFEST_DIR"] = "/r/dep-1.0.0";
  text.outputs = {"/t/debug/deps/libdep-3.rlib", "/t/debug/deps/libdep-3.rmeta"};
  text.args = {"--crate-name",
               "dep",
               "/r/dep-1.0.0/src/lib.rs",
               "--crate-type",
               "lib",
               "-C",
               "embed-bitcode=no",
               "--cap-lints",
               "allow"};
  return text;
}

InvocationText script() {
  InvocationText text;
  text.kind = "custom-build";
  text.args = {"--crate-name",
               "build_script_build",
               "--edition=2021",
               "app/build.rs",
               "--crate-type",
               "bin",
               "-C",
               "embed-bitcode=no"};
  text.env["CARGO_PRIMARY_PACKAGE"] = "1";
  return text;
}

InvocationText script_run(std::vector<int> deps) {
  InvocationText text;
  text.kind = "custom-build";
  text.mode = "run-custom-build";
  text.deps = std::move(deps);
  text.program = "/t/debug/build/my-app-4/build-script-build";
  text.cwd = "/w/app";
  text.env["OPT_LEVEL"] = "0";
  text.env["DEBUG"] = "false";
  return text;
}

InvocationText with_args(InvocationText text, const Strings& more) {
  text.args.insert(text.args.end(), more.begin(), more.end());
  return text;
}

}  // namespace

TEST_CASE("what cargo says of a library becomes its unit") {
  const Workspace workspace;
  const auto graph = workspace.read({with_args(library(),
                                               {"-C",
                                                "opt-level=2",
                                                "-C",
                                                "codegen-units=4",
                                                "-C",
                                                "debuginfo=1",
                                                "-C",
                                                "split-debuginfo=packed",
                                                "-C",
                                                "overflow-checks=on",
                                                "-C",
                                                "panic=abort",
                                                "-C",
                                                "strip=symbols",
                                                "-C",
                                                "rpath",
                                                "-C",
                                                "incremental=/t/i",
                                                "--cfg",
                                                R"(feature="std")",
                                                "--cfg",
                                                R"(feature="a-b")",
                                                "--warn=unused",
                                                "--check-cfg",
                                                "cfg(docsrs)",
                                                "-L",
                                                "dependency=/t/debug/deps"})});
  REQUIRE(graph.units.size() == 1);
  CHECK(graph.roots == std::vector<UnitId>{UnitId{0}});
  const Unit& unit = graph.units[UnitId{0}];
  CHECK(graph.package_ids[unit.package] == "path+file:///w/app#my-app@0.1.0");
  CHECK(unit.platform == kHostPlatform);
  CHECK(unit.mode == CompileMode::kBuild);
  CHECK(graph.target(UnitId{0}) == workspace.metadata.members[0].targets[0]);
  CHECK(graph.features(UnitId{0}) == Strings{"std", "a-b"});
  const Profile& profile = graph.profile(UnitId{0});
  CHECK(profile.name == "dev");
  CHECK(profile.opt_level == "2");
  CHECK(profile.codegen_units == 4U);
  CHECK(profile.debuginfo == "1");
  CHECK(profile.split_debuginfo == "packed");
  CHECK_FALSE(profile.debug_assertions);
  CHECK(profile.overflow_checks);
  CHECK(profile.panic == "abort");
  CHECK(profile.strip.value == "symbols");
  CHECK(profile.rpath);
  CHECK(profile.incremental);
  CHECK(profile.lto == "false");
}

TEST_CASE("an absent argument stands for cargo's default") {
  const auto graph =
      Workspace().read({dependency(), with_args(program({0}), {"--extern", "dep=/t/debug/deps/libdep-3.rlib"})});
  const Profile& profile = graph.profile(UnitId{0});
  CHECK(profile.opt_level == "0");
  CHECK_FALSE(profile.codegen_units.has_value());
  CHECK_FALSE(profile.has_debuginfo());
  CHECK_FALSE(profile.split_debuginfo.has_value());
  CHECK(profile.debug_assertions);
  CHECK(profile.overflow_checks);
  CHECK(profile.panic == "unwind");
  CHECK(profile.strip.value == "None");
  CHECK_FALSE(profile.rpath);
  CHECK_FALSE(profile.incremental);
  CHECK(graph.target(UnitId{0}).edition == "2015");
}

TEST_CASE("the checks follow the optimisation level and each other") {
  const auto checks = [](const Strings& more) {
    const auto graph = Workspace().read({with_args(library(), more)});
    const Profile& profile = graph.profile(UnitId{0});
    return std::pair(profile.debug_assertions, profile.overflow_checks);
  };
  CHECK(checks({"-C", "overflow-checks=off"}) == std::pair(true, false));
  CHECK(checks({"-C", "debug-assertions=off"}) == std::pair(false, false));
  CHECK(checks({"-C", "debug-assertions=off", "-C", "overflow-checks=on"}) == std::pair(false, true));
  CHECK(checks({"-C", "opt-level=s"}) == std::pair(false, false));
  CHECK(checks({"-C", "opt-level=3", "-C", "debug-assertions=on"}) == std::pair(true, true));
  CHECK(checks({"-C", "opt-level=3", "-C", "debug-assertions=on", "-C", "overflow-checks=off"}) ==
        std::pair(true, false));
}

TEST_CASE("a dependency is found in the lock file and in its manifest") {
  Workspace workspace;
  const std::vector<InvocationText> plan = {
      dependency(), with_args(program({0}), {"--extern", "renamed=/t/debug/deps/libdep-3.rlib"})};
  workspace.files.files["/r/dep-1.0.0/Cargo.toml"] = "[package]\nname = \"dep\"\n[lib]\ndoctest = false\n";
  const auto graph = workspace.read(plan);
  CHECK(graph.package_ids[graph.units[UnitId{0}].package] == "registry+https://example.org/index#dep@1.0.0");
  const Target& target = graph.target(UnitId{0});
  CHECK(target.src_path == "/r/dep-1.0.0/src/lib.rs");
  CHECK(target.doc);
  CHECK(target.test);
  CHECK_FALSE(target.doctest);
  REQUIRE(graph.units[UnitId{1}].dependencies.size() == 1);
  const Dependency& edge = graph.units[UnitId{1}].dependencies[0];
  CHECK(edge.unit == UnitId{0});
  CHECK(graph.crate_names[edge.extern_crate_name] == "renamed");
  CHECK_FALSE(edge.is_public.has_value());
  CHECK(graph.roots == std::vector<UnitId>{UnitId{1}});

  SECTION("by an older cargo's metadata, in the older form") {
    workspace.metadata.members[0].id = "my-app 0.1.0 (path+file:///w/app)";
    const auto older = workspace.read(plan);
    CHECK(older.package_ids[older.units[UnitId{0}].package] == "registry+https://example.org/index#dep@1.0.0");
  }
  SECTION("of git, without the commit") {
    workspace.context.lock_file =
        "[[package]]\nname = \"dep\"\nversion = \"1.0.0\"\n"
        "source = \"git+https://example.org/dep?branch=x#0123abcd\"\n";
    const auto git = workspace.read(plan);
    CHECK(git.package_ids[git.units[UnitId{0}].package] == "git+https://example.org/dep?branch=x#1.0.0");
  }
  SECTION("outside the workspace, by its directory") {
    auto outside = dependency();
    outside.args.resize(outside.args.size() - 2);  // no lint is capped
    const auto path = workspace.read({outside, plan[1]});
    CHECK(path.package_ids[path.units[UnitId{0}].package] == "path+file:///r/dep-1.0.0#dep@1.0.0");
  }
  SECTION("not in the lock file") {
    workspace.context.lock_file.clear();
    CHECK(workspace.error_of(plan) == "invocations[0]: Cargo.lock has no source of `dep v1.0.0`");
  }
  SECTION("in it twice") {
    workspace.context.lock_file += "[[package]]\nname = \"dep\"\nversion = \"1.0.0\"\nsource = \"registry+other\"\n";
    CHECK(workspace.error_of(plan) == "invocations[0]: Cargo.lock has more than one source of `dep v1.0.0`");
  }
}

TEST_CASE("a plan from elsewhere is moved here: workspace and registry") {
  Workspace workspace;
  workspace.context.here.emplace(Surroundings{workspace.metadata, workspace.files, "/home/.cargo", "/sys"});
  const std::string there = "/x/registry/src/index-1/dep-1.0.0";
  const std::string here = "/home/.cargo/registry/src/index-2/dep-1.0.0";
  auto downloaded = dependency();
  downloaded.env["CARGO_MANIFEST_DIR"] = downloaded.cwd = there;
  downloaded.args[2] = there + "/src/lib.rs";
  auto beside = with_args(dependency(), {});
  beside.name = "side";
  beside.env["CARGO_MANIFEST_DIR"] = beside.cwd = "/there/w/side";
  beside.outputs = {"/t/debug/deps/libside-4.rlib", "/t/debug/deps/libside-4.rmeta"};
  beside.args[1] = "side";
  beside.args[2] = "src/lib.rs";
  beside.args.resize(beside.args.size() - 2);  // no lint is capped
  std::vector<InvocationText> plan = {
      downloaded,
      beside,
      script(),
      script_run({2}),
      with_args(program({0, 1, 3}),
                {"--extern", "dep=/t/debug/deps/libdep-3.rlib", "--extern", "side=/t/debug/deps/libside-4.rlib"})};
  for (const std::size_t own : {2U, 3U, 4U}) {
    plan[own].env["CARGO_MANIFEST_DIR"] = "/there/w/app";
    plan[own].cwd = "/there/w";
  }
  workspace.files.files[here + "/Cargo.toml"] = "[package]\nname = \"dep\"\n";
  workspace.files.files["/w/side/Cargo.toml"] = "[package]\nname = \"side\"\n";
  for (const std::string& file : {here + "/src/lib.rs",
                                  std::string("/w/side/src/lib.rs"),
                                  std::string("/w/app/Cargo.toml"),
                                  std::string("/w/app/build.rs"),
                                  std::string("/w/app/src/main.rs")}) {
    workspace.files.files[file] += "";
  }

  SECTION("all of it is here") {
    const auto graph = workspace.read(plan);
    CHECK(graph.target(UnitId{0}).src_path == here + "/src/lib.rs");
    CHECK(graph.target(UnitId{1}).src_path == "/w/side/src/lib.rs");
    CHECK(graph.package_ids[graph.units[UnitId{1}].package] == "path+file:///w/side#1.0.0");
    CHECK(graph.target(UnitId{3}).src_path == "/w/app/build.rs");
    CHECK(graph.target(UnitId{4}).src_path == "/w/app/src/main.rs");
    CHECK(graph.package_ids[graph.units[UnitId{4}].package] == "path+file:///w/app#my-app@0.1.0");
  }
  SECTION("packages are not here") {
    workspace.files.files.erase(here + "/Cargo.toml");
    workspace.files.files.erase("/w/side/Cargo.toml");
    const auto graph = read_build_plan(plan_text(plan), workspace.context);
    REQUIRE_FALSE(graph);
    CHECK(graph.error().message == "packages are not where the plan has them");
    CHECK(graph.error().causes ==
          Strings{"there is no `/w/side/Cargo.toml`", "there is no `" + there + "/Cargo.toml`"});
  }
  SECTION("a source is not here") {
    workspace.files.files.erase("/w/side/src/lib.rs");
    CHECK(workspace.error_of(plan) == "sources are not where the plan has them");
  }
  SECTION("it is of another workspace") {
    for (const std::size_t own : {2U, 3U, 4U}) {
      plan[own].env["CARGO_MANIFEST_DIR"] = "/there/w";
    }
    CHECK(workspace.error_of(plan).find("the plan is of another workspace: `my-app` lies in `/there/w`") == 0);
  }
}

TEST_CASE("libraries have their hyphens or not, as the cargo of the plan has it") {
  Workspace workspace;
  workspace.files.files["/r/dep-1.0.0/Cargo.toml"] = "[package]\nname = \"my-dep\"\n";
  workspace.context.lock_file =
      "[[package]]\nname = \"my-dep\"\nversion = \"1.0.0\"\nsource = \"registry+https://example.org/index\"\n";
  auto hyphened = dependency();
  hyphened.name = "my-dep";
  hyphened.args[1] = "my_dep";
  const std::vector<InvocationText> plan = {
      hyphened, with_args(program({0}), {"--extern", "my_dep=/t/debug/deps/libdep-3.rmeta"})};
  CHECK(workspace.read(plan).target(UnitId{0}).name == "my_dep");
  workspace.context.capabilities.names_library_by_package = true;
  CHECK(workspace.read(plan).target(UnitId{0}).name == "my-dep");
  workspace.files.files["/r/dep-1.0.0/Cargo.toml"] += "[lib]\nname = \"my_dep\"\n";
  CHECK(workspace.read(plan).target(UnitId{0}).name == "my_dep");
  workspace.files.files["/r/dep-1.0.0/Cargo.toml"] = "[package]\nname = \"my-dep\"\n[lib]\nname = \"other\"\n";
  CHECK(workspace.error_of(plan) == "invocations[0]: the library of `my-dep` is called `other`, not `my_dep`");
}

TEST_CASE("externs belong to the dependencies in their order") {
  const Workspace workspace;
  const auto user = [](std::vector<int> deps, const Strings& externs) {
    return with_args(program(std::move(deps)), externs);
  };
  const std::string file = "x=/t/debug/deps/libdep-3.rlib";
  CHECK(workspace.error_of({dependency(), user({0}, {})}) == "invocations[1].deps[0]: no --extern in its place");
  CHECK(workspace.error_of({dependency(), user({}, {"--extern", file})}) ==
        "invocations[1].args[9]: nothing in deps makes this file");
  CHECK(workspace.error_of({dependency(), user({0}, {"--extern", "dep=/elsewhere"})}) ==
        "invocations[1].deps[0]: no --extern in its place");
  CHECK(
      workspace.error_of({dependency(), user({0}, {"--extern", file, "--extern", "y=/t/debug/deps/libdep-3.rmeta"})}) ==
      "invocations[1].args[11]: nothing in deps makes this file");
  CHECK(workspace.error_of({dependency(), user({0}, {"--extern", "odd:" + file})}) ==
        R"(invocations[1].args[9]: unknown option "odd")");

  const auto graph = workspace.read({dependency(), user({0}, {"--extern", "priv,noprelude:" + file})});
  CHECK(graph.units[UnitId{1}].dependencies[0].is_public == false);
  CHECK(graph.units[UnitId{1}].dependencies[0].noprelude);
}

TEST_CASE("a library of two files is named twice and depended on once") {
  Workspace workspace;
  auto two = dependency();
  two.outputs = {"/t/debug/deps/libdep.so", "/t/debug/deps/libdep.rlib"};
  two.links = {"/t/debug/libdep.so"};
  two.kinds = {"dylib", "rlib"};
  two.args[4] = "dylib";
  two = with_args(two, {"--crate-type", "rlib"});
  const auto graph = workspace.read(
      {two,
       with_args(program({0}),
                 {"--extern", "dep=/t/debug/deps/libdep.so", "--extern", "dep=/t/debug/deps/libdep.rlib"})});
  CHECK(graph.units[UnitId{1}].dependencies.size() == 1);
  CHECK(graph.target(UnitId{0}).crate_types == Strings{"dylib", "rlib"});
  CHECK(graph.roots == std::vector<UnitId>{UnitId{1}});  // a dylib always has a final place
}

TEST_CASE("a script's run has its user's profile and features, as far as running goes") {
  const Workspace workspace;
  auto run = script_run({0});
  run.env["OPT_LEVEL"] = "3";
  run.env["DEBUG"] = "true";
  run.env["CARGO_FEATURE_A_B"] = "1";
  auto user = with_args(
      library(), {"-C", "opt-level=3", "-C", "debuginfo=1", "-C", "codegen-units=7", "--cfg", R"(feature="a-b")"});
  user.deps = {1};
  const auto graph = workspace.read({script(), run, user});
  const UnitId id{1};
  CHECK(graph.units[id].mode == CompileMode::kRunCustomBuild);
  CHECK(graph.target(id) == graph.target(UnitId{0}));
  CHECK(graph.target(id).name == "build-script-build");
  CHECK(graph.features(id) == Strings{"a-b"});
  CHECK(graph.profile(id).opt_level == "3");
  CHECK(graph.profile(id).debuginfo == "1");
  CHECK_FALSE(graph.profile(id).codegen_units.has_value());
  CHECK_FALSE(graph.profile(id).debug_assertions);
  CHECK(graph.crate_names[graph.units[UnitId{2}].dependencies[0].extern_crate_name] == "build_script_build");

  SECTION("with its checks, if the cargo at hand has that") {
    Workspace here;
    run.env["OPT_LEVEL"] = "0";
    user.args[std::find(user.args.begin(), user.args.end(), "opt-level=3") - user.args.begin()] = "opt-level=0";
    CHECK(here.read({script(), run, user}).profile(id).debug_assertions);
    here.context.capabilities = capabilities_of("1.92.0");
    CHECK_FALSE(here.read({script(), run, user}).profile(id).debug_assertions);
  }
  SECTION("or is refused") {
    run.env["OPT_LEVEL"] = "2";
    CHECK(workspace.error_of({script(), run, user}) == "invocations[1].env.OPT_LEVEL: 2, but 3 in invocations[2]");
    run.env["OPT_LEVEL"] = "3";
    run.env["DEBUG"] = "false";
    CHECK(workspace.error_of({script(), run, user}) == "invocations[1].env.DEBUG: not what invocations[2] has");
    run.env["DEBUG"] = "true";
    run.env.erase("CARGO_FEATURE_A_B");
    CHECK(workspace.error_of({script(), run, user}) ==
          "invocations[1].env: the CARGO_FEATURE_ variables are not the features of invocations[2]");
    run.env["CARGO_FEATURE_A_B"] = "1";
    user.deps = {};
    CHECK(workspace.error_of({script(), run, user}) ==
          "invocations[1]: nothing of its package depends on this run of a build script");
    user.deps = {1};
    run.deps = {};
    CHECK(workspace.error_of({script(), run, user}) == "invocations[1].deps: the build script is not compiled");
    run.args = {"--help"};
    CHECK(workspace.error_of({script(), run, user}) == "invocations[1].args: a build script takes no arguments");
  }
}

TEST_CASE("the run of an overridden script is an empty invocation") {
  Workspace workspace;
  InvocationText run;
  run.kind = "custom-build";
  run.mode = "run-custom-build";
  run.program = "";
  run.cwd = "";
  run.env.clear();
  auto user = library();
  user.deps = {0};
  const auto graph = workspace.read({run, user});
  CHECK(graph.target(UnitId{0}).name == "build-script-build");
  CHECK(graph.target(UnitId{0}).src_path == "/w/app/build.rs");
  CHECK(graph.units[UnitId{0}].package == graph.units[UnitId{1}].package);

  SECTION("of a dependency: as its manifest calls it") {
    run.name = "dep";
    run.version = "1.0.0";
    auto dep = dependency();
    dep.deps = {0};
    workspace.files.files["/r/dep-1.0.0/Cargo.toml"] = "[package]\nname = \"dep\"\nbuild = \"make/it.rs\"\n";
    const auto foreign =
        workspace.read({run, dep, with_args(program({1}), {"--extern", "dep=/t/debug/deps/libdep-3.rlib"})});
    CHECK(foreign.target(UnitId{0}).name == "build-script-it");
    CHECK(foreign.target(UnitId{0}).src_path == "/r/dep-1.0.0/make/it.rs");
  }
}

TEST_CASE("lto is one for the whole build, and is read back from what became of it") {
  const auto lto = [](const std::string& of_library, const std::string& of_program) {
    auto below = library();
    auto above = program({0});
    below.args[9] = of_library;
    above.args[7] = of_program;
    const auto graph =
        Workspace().read({below, with_args(above, {"--extern", "my_app=/t/debug/deps/libmy_app-1.rlib"})});
    CHECK(graph.profile(UnitId{0}).lto == graph.profile(UnitId{1}).lto);
    return graph.profile(UnitId{0}).lto;
  };
  CHECK(lto("embed-bitcode=no", "embed-bitcode=no") == "false");
  CHECK(lto("linker-plugin-lto", "lto") == "true");
  CHECK(lto("linker-plugin-lto", "lto=thin") == "thin");
  CHECK(lto("lto=off", "lto=off") == "off");

  auto alone = library();
  alone.args[9] = "linker-plugin-lto";
  CHECK(Workspace().read({alone}).profile(UnitId{0}).lto == "true");  // nothing is linked: any but `false` would do
  alone.args[9] = "rpath";
  CHECK(Workspace().error_of({alone}) ==
        "invocations[0].args: no command says anything of lto or bitcode: the plan of a cargo before 1.45?");

  auto fat = program({0});
  fat.args[7] = "lto=fat";
  auto thin = library();
  thin.args[9] = "lto=thin";
  CHECK(Workspace().error_of({thin, with_args(fat, {"--extern", "my_app=/t/debug/deps/libmy_app-1.rlib"})}) ==
        "invocations[1].args: lto is fat here and thin before");
}

TEST_CASE("roots are what nothing needs, and what has a final place that only roots get") {
  Workspace workspace;
  auto below = library();
  const auto above = with_args(program({0}), {"--extern", "my_app=/t/debug/deps/libmy_app-1.rlib"});
  CHECK(workspace.read({below, above}).roots == std::vector<UnitId>{UnitId{0}, UnitId{1}});
  below.links.clear();
  CHECK(workspace.read({below, above}).roots == std::vector<UnitId>{UnitId{1}});

  InvocationText test;
  test.kind = "test";
  test.mode = "test";
  test.deps = {0, 1};
  test.args = {"--crate-name",
               "it",
               "--edition=2021",
               "app/tests/it.rs",
               "-C",
               "embed-bitcode=no",
               "--test",
               "--extern",
               "my_app=/t/debug/deps/libmy_app-1.rlib"};
  test.env["CARGO_PRIMARY_PACKAGE"] = "1";
  CHECK(workspace.read({below, above, test}).roots == std::vector<UnitId>{UnitId{1}, UnitId{2}});
  workspace.context.asks_for_bin = [](const std::string& name) { return name != "my-app"; };
  CHECK(workspace.read({below, above, test}).roots == std::vector<UnitId>{UnitId{2}});

  auto secondary = below;
  secondary.env.erase("CARGO_PRIMARY_PACKAGE");
  CHECK(workspace.error_of({secondary}) ==
        "invocations[0].env: CARGO_PRIMARY_PACKAGE is not set, but the command asks for something of the package");
  CHECK(workspace.error_of({script()}) == "invocations[0]: nothing depends on this build script");
}

TEST_CASE("wrappers are before the command, the user's flags behind it") {
  Workspace workspace;
  auto wrapped = library();
  wrapped.program = "/bin/wrapper";
  wrapped.args.insert(wrapped.args.begin(), {"/bin/inner", "rustc"});
  workspace.context.rustflags[""] = {"-Zodd", "--cfg", "user"};
  CHECK(workspace.error_of({wrapped}) == "invocations[0].args: does not end with the rustflags of this build");
  CHECK(workspace.read({with_args(wrapped, {"-Zodd", "--cfg", "user"})}).units.size() == 1);
  wrapped.args.insert(wrapped.args.begin(), "third");
  CHECK(workspace.error_of({with_args(wrapped, {"-Zodd", "--cfg", "user"})}) ==
        "invocations[0].args: not a rustc command of cargo's (it has to begin with --crate-name)");
}

TEST_CASE("a platform is the --target of its rustc, and was asked about") {
  Workspace workspace;
  workspace.context.rustflags["t-t"] = {};
  auto cross = with_args(library(), {"--target", "t-t"});
  CHECK(workspace.error_of({cross}) == R"(invocations[0].kind: not the target of its rustc, "t-t")");
  cross.platform = "t-t";
  const auto graph = workspace.read({cross});
  CHECK(graph.platform(UnitId{0}) == "t-t");
  cross.platform = "other";
  CHECK(workspace.error_of({cross}) == "invocations[0].kind: rustc was not asked about this target");
}

TEST_CASE("what a graph cannot hold is refused at its place") {
  const Workspace workspace;
  const auto error_with = [&](const Strings& more) { return workspace.error_of({with_args(library(), more)}); };
  CHECK(error_with({"-Zfoo"}) == R"(invocations[0].args[14]: unknown argument "-Zfoo")");
  CHECK(error_with({"-Z", "foo"}) == R"(invocations[0].args[15]: unknown argument "-Z foo")");
  CHECK(error_with({"-Z", "unstable-options"}) == "no error");
  CHECK(error_with({"-C", "soft-float"}) == R"(invocations[0].args[15]: unknown argument "-C soft-float")");
  CHECK(error_with({"-C"}) == R"(invocations[0].args[14]: "-C" has no value)");
  CHECK(error_with({"-C", "opt-level=9"}) == R"(invocations[0].args[15]: unknown value "9")");
  CHECK(error_with({"-C", "opt-level=1", "-C", "opt-level=2"}) == R"(invocations[0].args[17]: "2" comes second)");
  CHECK(error_with({"-C", "codegen-units=4294967296"}) ==
        R"(invocations[0].args[15]: unknown argument "-C codegen-units=4294967296")");
  CHECK(error_with({"-C", "lto"}) == R"(invocations[0].args[15]: "lto" does not go with what is before it)");
  CHECK(error_with({"--cfg", "foo"}) == R"(invocations[0].args[15]: unknown cfg "foo")");
  CHECK(error_with({"--cfg", "feature=\""}) == R"(invocations[0].args[15]: unknown cfg "feature=\"")");
  CHECK(error_with({"-L", "native=/x"}) == R"(invocations[0].args[15]: unknown search path "native=/x")");
  CHECK(error_with({"--remap-path-prefix=a=b"}) ==
        R"(invocations[0].args[14]: unknown argument "--remap-path-prefix=a=b")");
  CHECK(error_with({"second.rs"}) == R"(invocations[0].args[14]: "second.rs" comes second)");
  CHECK(error_with({""}) == "invocations[0].args[14]: empty");
  CHECK(error_with({"--test"}) == "invocations[0].compile_mode: not that of its rustc");
  CHECK(error_with({"--extern", "=x"}) == R"(invocations[0].args[15]: "=x" has no name or no path)");

  auto renamed = library();
  renamed.args[1] = "../up";
  CHECK(workspace.error_of({renamed}) == R"(invocations[0].args[1]: "../up" is no name of a crate)");
  renamed.args[1] = "other";
  CHECK(workspace.error_of({renamed}) ==
        "invocations[0]: `my-app` has no target `other` with the source `/w/app/src/lib.rs`");
  auto doc = library();
  doc.mode = "doc";
  CHECK(workspace.error_of({doc}) == R"(invocations[0].compile_mode: `cargo build` has no mode "doc")");
  auto empty = library();
  empty.args.clear();
  CHECK(workspace.error_of({empty}) ==
        "invocations[0].args: not a rustc command of cargo's (it has to begin with --crate-name)");
  auto lost = library();
  lost.env.erase("CARGO_MANIFEST_DIR");
  CHECK(workspace.error_of({lost}) == "invocations[0].env.CARGO_MANIFEST_DIR: missing or not absolute");
  auto other_version = library();
  other_version.version = "0.2.0";
  CHECK(workspace.error_of({other_version}) ==
        "invocations[0]: `my-app v0.2.0`, but its directory holds `my-app v0.1.0`");
  auto odd_kind = dependency();
  odd_kind.kind = "bench";
  CHECK(workspace.error_of({odd_kind}) == "invocations[0]: only members of the workspace have targets of kind `bench`");
}

TEST_CASE("what is no build plan is refused") {
  const Workspace workspace;
  const auto error_of = [&](const std::string& json) { return workspace.error_of_text(json); };
  CHECK(error_of("") == "build plan: empty");
  CHECK(error_of("[]") == "build plan: expected an object, found an array");
  CHECK(error_of("{}") == "invocations: missing");
  CHECK(error_of(R"({"version":1,"units":[],"roots":[]})") == "invocations: missing");
  CHECK(error_of(R"({"invocations":[],"inputs":[]})") == "no error");
  CHECK(error_of(R"({"invocations":[{}],"inputs":[]})") == "invocations[0].package_name: missing");
  CHECK(error_of(R"({"invocations":[7],"inputs":[]})") == "invocations[0]: expected an object, found a whole number");

  std::string text = plan_text({library()});
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string json = text;
    const auto at = json.find(from);
    REQUIRE(at != std::string::npos);
    return error_of(json.replace(at, from.size(), to));
  };
  CHECK(changed(R"("deps":[])", R"("deps":[0])") == "invocations[0].deps[0]: 0 is not before invocations[0]");
  CHECK(changed(R"("deps":[])", R"("deps":[18446744073709551615])") ==
        "invocations[0].deps[0]: 18446744073709551615 is not before invocations[0]");
  CHECK(changed(R"("deps":[])", R"("deps":[-1])") == "invocations[0].deps[0]: -1 is negative");
  CHECK(changed(R"("deps":[])", R"("deps":["0"])") ==
        "invocations[0].deps[0]: expected a whole number, found a string");
  CHECK(changed(R"("env":{)", R"("env":{"A":1,)") == "invocations[0].env.A: expected a string, found a whole number");
  CHECK(changed(R"("env":{)", R"("env":{"A":{},)") == "invocations[0].env.A: expected a string, found an object");
  CHECK(changed(R"("cwd":"/w")", R"("cwd":"w")") == R"(invocations[0].cwd: "w" is not absolute)");
  CHECK(changed(R"("cwd":"/w")", R"("cwd":null)") == "invocations[0]: a command without program or directory");
  CHECK(changed(R"("target_kind":["lib"])", R"("target_kind":[])") == "invocations[0].target_kind: empty");
  CHECK(changed(R"("--crate-name")", R"("\u0000")") == "invocations[0].args[0]: contains a NUL character");
}

TEST_CASE("a long chain is read without recursion") {
  constexpr std::size_t kLength = 20000;
  std::vector<InvocationText> plan(kLength, library());
  for (std::size_t i = 0; i < kLength; ++i) {
    plan[i].outputs = {"/t/lib" + std::to_string(i) + ".rlib"};
    if (i != 0) {
      plan[i].deps = {static_cast<int>(i) - 1};
      plan[i] = with_args(plan[i], {"--extern", "my_app=/t/lib" + std::to_string(i - 1) + ".rlib"});
    }
  }
  const auto graph = Workspace().read(plan);
  CHECK(graph.units.size() == kLength);
  CHECK(graph.targets.size() == 1);
}

TEST_CASE("a plan that cargo 1.65 made, cut off anywhere, is refused; whole, it is its unit graph") {
  std::ifstream file(PCARGO_TEST_CORPUS "/build_plan/vendored-1.65.json", std::ios::binary);
  const std::string json{std::istreambuf_iterator<char>(file), {}};
  const RecordedPlan recorded;
  const auto graph = read_build_plan(json, recorded.context);
  INFO((graph ? "" : graph.error().message));
  REQUIRE(graph);
  REQUIRE(graph->units.size() == 8);
  CHECK(graph->roots == std::vector<UnitId>{UnitId{6}, UnitId{7}});
  CHECK(graph->package_ids[graph->units[UnitId{1}].package] ==
        "registry+https://example.org/index#first@2.1.0+build.7");
  CHECK(graph->features(UnitId{1}) == Strings{"more"});
  CHECK(graph->target(UnitId{4}).src_path == "/w/vendor/sys-0.3.1/make/build.rs");
  CHECK(graph->units[UnitId{4}].mode == CompileMode::kRunCustomBuild);
  CHECK(graph->units[UnitId{6}].mode == CompileMode::kTest);
  const Unit& bin = graph->units[UnitId{7}];
  std::vector<std::string> names;
  for (const Dependency& dependency : bin.dependencies) {
    names.push_back(graph->crate_names[dependency.extern_crate_name]);
  }
  CHECK(names == Strings{"first", "first_two", "made", "sys"});
  CHECK(graph->profile(UnitId{7}).incremental);
  CHECK_FALSE(graph->profile(UnitId{5}).incremental);

  const std::size_t end = json.rfind('}');
  for (std::size_t length = 0; length <= end; ++length) {
    const auto part = read_build_plan(std::string_view(json).substr(0, length), recorded.context);
    if (part) {
      FAIL("accepted when cut off at byte " << length);
    }
  }
}
