// SPDX-License-Identifier: MIT OR Apache-2.0
// Expectations are what cargo 1.95 printed with --message-format json for the workspace of captured.h.
#include "report/machine_messages.h"

#include "captured.h"

#include <catch2/catch.hpp>

using namespace pcargo;
using namespace pcargo::report;
using pcargo::test::Workspace;
using Flavor = plan::OutputFile::Flavor;

TEST_CASE("compiler-artifact of a build script: internal file, no executable") {
  Workspace w;
  CHECK(
      compiler_artifact(w.graph,
                        Workspace::kCompileScript,
                        w.packages[cargo::PackageId{0}],
                        {{"/w/target/debug/build/a-8a9f57288621422e/build-script-build", {}, Flavor::kNormal}},
                        false) ==
      R"({"reason":"compiler-artifact","package_id":"path+file:///w/a#0.1.0","manifest_path":"/w/a/Cargo.toml",)"
      R"("target":{"kind":["custom-build"],"crate_types":["bin"],"name":"build-script-build","src_path":"/w/a/build.rs",)"
      R"("edition":"2021","doc":false,"doctest":false,"test":false},)"
      R"("profile":{"opt_level":"0","debuginfo":0,"debug_assertions":true,"overflow_checks":true,"test":false},)"
      R"("features":[],"filenames":["/w/target/debug/build/a-8a9f57288621422e/build-script-build"],)"
      R"("executable":null,"fresh":false})");
}

TEST_CASE("compiler-artifact of a library names uplifted files first") {
  Workspace w;
  CHECK(compiler_artifact(w.graph,
                          Workspace::kLibrary,
                          w.packages[cargo::PackageId{0}],
                          {{"/w/target/debug/deps/liba-5.rlib", "/w/target/debug/liba.rlib", Flavor::kLinkable},
                           {"/w/target/debug/deps/liba-5.rmeta", {}, Flavor::kRmeta}},
                          true) ==
        R"({"reason":"compiler-artifact","package_id":"path+file:///w/a#0.1.0","manifest_path":"/w/a/Cargo.toml",)"
        R"("target":{"kind":["lib"],"crate_types":["lib"],"name":"a","src_path":"/w/a/src/lib.rs",)"
        R"("edition":"2021","doc":true,"doctest":true,"test":true},)"
        R"("profile":{"opt_level":"0","debuginfo":2,"debug_assertions":true,"overflow_checks":true,"test":false},)"
        R"("features":[],"filenames":["/w/target/debug/liba.rlib","/w/target/debug/deps/liba-5.rmeta"],)"
        R"("executable":null,"fresh":true})");
}

TEST_CASE("a program has its uplifted path as executable, a test its internal one, a check none") {
  Workspace w;
  auto& unit = w.graph.units[Workspace::kProgram];
  const auto& package = w.packages[cargo::PackageId{1}];
  const std::vector<plan::OutputFile> files = {{"/w/target/debug/deps/b-1", "/w/target/debug/b", Flavor::kNormal}};
  CHECK_THAT(compiler_artifact(w.graph, Workspace::kProgram, package, files, false),
             Catch::Contains(R"("filenames":["/w/target/debug/b"],"executable":"/w/target/debug/b","fresh":false})"));
  unit.mode = cargo::CompileMode::kTest;
  CHECK_THAT(
      compiler_artifact(
          w.graph, Workspace::kProgram, package, {{"/w/target/debug/deps/b-2", {}, Flavor::kNormal}}, false),
      Catch::Contains(
          R"("test":true},"features":[],"filenames":["/w/target/debug/deps/b-2"],"executable":"/w/target/debug/deps/b-2")"));
  unit.mode = cargo::CompileMode::kCheckTest;
  CHECK_THAT(
      compiler_artifact(
          w.graph, Workspace::kProgram, package, {{"/w/target/debug/deps/libb-2.rmeta", {}, Flavor::kNormal}}, false),
      Catch::Contains(R"("test":true},)") && Catch::Contains(R"("executable":null)"));
}

TEST_CASE("debuginfo with a name, features and required features") {
  Workspace w;
  auto& unit = w.graph.units[Workspace::kProgram];
  w.graph.profiles[unit.profile].debuginfo = "line-tables-only";
  w.graph.profiles[unit.profile].debuginfo_is_integer = false;
  w.graph.targets[unit.target].required_features = std::vector<std::string>{"x", "y"};
  unit.features = w.graph.feature_sets.push_back({"default", "x"});
  const std::string json = compiler_artifact(w.graph, Workspace::kProgram, w.packages[cargo::PackageId{1}], {}, false);
  CHECK_THAT(json,
             Catch::Contains(R"("debuginfo":"line-tables-only")") && Catch::Contains(R"("features":["default","x"])") &&
                 Catch::Contains(R"("edition":"2021","required-features":["x","y"],"doc":true)"));
}

TEST_CASE("compiler-message embeds rustc's JSON as it is") {
  Workspace w;
  CHECK(compiler_message(w.packages[cargo::PackageId{0}], w.graph.target(Workspace::kLibrary), R"({"foo":1})") ==
        R"({"reason":"compiler-message","package_id":"path+file:///w/a#0.1.0","manifest_path":"/w/a/Cargo.toml",)"
        R"("target":{"kind":["lib"],"crate_types":["lib"],"name":"a","src_path":"/w/a/src/lib.rs",)"
        R"("edition":"2021","doc":true,"doctest":true,"test":true},"message":{"foo":1}})");
}

TEST_CASE("build-script-executed and build-finished") {
  Workspace w;
  cargo::BuildScriptOutput output;
  output.library_paths = {"native=/tmp"};
  output.cfgs = {"foo"};
  output.env = {{"K", "V"}, {"Q", "\"\n"}};
  CHECK(
      build_script_executed(w.packages[cargo::PackageId{0}], output, "/w/target/debug/build/a-f/out") ==
      R"({"reason":"build-script-executed","package_id":"path+file:///w/a#0.1.0","linked_libs":[],)"
      R"("linked_paths":["native=/tmp"],"cfgs":["foo"],"env":[["K","V"],["Q","\"\n"]],"out_dir":"/w/target/debug/build/a-f/out"})");
  CHECK(build_finished(true) == R"({"reason":"build-finished","success":true})");
  CHECK(build_finished(false) == R"({"reason":"build-finished","success":false})");
}
