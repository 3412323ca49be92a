// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/late_link.h"

#include "support/plan_fixture.h"

#include <catch2/catch.hpp>

#include <algorithm>

using pcargo::UnitId;
using pcargo::cargo::CompileMode;
using pcargo::cargo::TargetKind;
using pcargo::plan::Hold;
using pcargo::plan::LateLink;
using pcargo::plan::ScriptOutputs;
using pcargo::test::PlanFixture;
using Words = std::vector<std::string>;

namespace {

class Linking : public PlanFixture {
 public:
  Linking() { settings.targets[pcargo::cargo::kHostPlatform].triple = "x86_64-unknown-linux-gnu"; }

  LateLink ask(UnitId unit, const ScriptOutputs& scripts = {}) {
    const auto made = plan({unit});
    const auto below = pcargo::plan::derive_metadata_below(made->graph());
    return late_link(*made, unit, made->compile_invocation(unit, scripts), scripts, below);
  }
};

/// What becomes of a program with a library, given rustflags.
LateLink with_flags(const Words& flags) {
  Linking f;
  f.settings.targets[pcargo::cargo::kHostPlatform].rustflags = flags;
  const auto util = f.lib("util");
  return f.ask(f.bin("app", {{util, "util"}}));
}

std::optional<Hold> hold_with(const Words& flags) {
  return with_flags(flags).hold;
}

std::optional<Hold> hold_of_types(TargetKind kind, const Words& types, CompileMode mode = CompileMode::kBuild) {
  Linking f;
  const auto util = f.lib("util");
  return f.ask(f.unit("app", kind, types, {{util, "util"}}, mode)).hold;
}

constexpr auto kLate = std::nullopt;

}  // namespace

TEST_CASE("every kind of unit that links may link late") {
  CHECK(hold_of_types(TargetKind::kBin, {"bin"}) == kLate);
  CHECK(hold_of_types(TargetKind::kExample, {"bin"}) == kLate);
  CHECK(hold_of_types(TargetKind::kCustomBuild, {"bin"}) == kLate);
  CHECK(hold_of_types(TargetKind::kLib, {"proc-macro"}) == kLate);
  CHECK(hold_of_types(TargetKind::kLib, {"cdylib"}) == kLate);
  CHECK(hold_of_types(TargetKind::kTest, {"bin"}, CompileMode::kTest) == kLate);
  CHECK(hold_of_types(TargetKind::kLib, {"lib"}, CompileMode::kTest) == kLate);
  CHECK(hold_of_types(TargetKind::kLib, {"rlib", "cdylib"}, CompileMode::kTest) == kLate);
}

TEST_CASE("what reads the objects below in rustc itself is held") {
  CHECK(hold_of_types(TargetKind::kLib, {"staticlib"}) == Hold::kCrateType);
  CHECK(hold_of_types(TargetKind::kLib, {"dylib"}) == Hold::kCrateType);
  CHECK(hold_of_types(TargetKind::kLib, {"rlib", "cdylib"}) == Hold::kCrateType);
  CHECK(hold_of_types(TargetKind::kLib, {"cdylib", "staticlib"}) == Hold::kCrateType);
  CHECK(hold_with({"-C", "lto"}) == Hold::kLto);
  CHECK(hold_with({"-Clto=thin"}) == Hold::kLto);
  CHECK(hold_with({"--codegen", "lto=fat"}) == Hold::kLto);
  CHECK(hold_with({"-Clto=fat", "--codegen=lto=off"}) == kLate);
  CHECK(hold_with({"-Clinker-plugin-lto"}) == Hold::kLinkerPluginLto);
  CHECK(hold_with({"-Clinker_plugin_lto=no"}) == kLate);
  CHECK(hold_with({"-Csplit-debuginfo=packed"}) == Hold::kPackedDebuginfo);
  CHECK(hold_with({"-Csplit-debuginfo=packed", "-Csplit-debuginfo=unpacked"}) == kLate);
}

TEST_CASE("a profile with LTO holds whom it reaches") {
  Linking f;
  f.dev();
  f.graph.profiles[pcargo::cargo::ProfileId{0}].lto = "thin";
  const auto util = f.lib("util");
  CHECK(f.ask(f.bin("app", {{util, "util"}})).hold == Hold::kLto);
}

TEST_CASE("what links nothing has nothing to do late") {
  CHECK(hold_of_types(TargetKind::kLib, {"lib"}) == Hold::kLinksNothing);
  CHECK(hold_of_types(TargetKind::kBin, {"bin"}, CompileMode::kCheck) == Hold::kLinksNothing);
  CHECK(hold_with({"-Zno-link"}) == Hold::kLinksNothing);
}

TEST_CASE("the true linker is the last that was given") {
  CHECK(with_flags({}).linker == "cc");
  CHECK(with_flags({"-Clinker=/opt/x y/clang-18"}).linker == "/opt/x y/clang-18");
  CHECK(with_flags({"-C", "linker=ld.lld", "-C", "linker=gcc"}).linker == "gcc");
  Linking f;
  f.settings.targets[pcargo::cargo::kHostPlatform].linker = "/tools/aarch64-linux-gnu-gcc";
  CHECK(f.ask(f.bin("app")).linker == "/tools/aarch64-linux-gnu-gcc");
  f.settings.targets[pcargo::cargo::kHostPlatform].rustflags = {"-Clinker=mold"};
  const auto held = f.ask(f.bin("other"));
  CHECK(held.hold == Hold::kLinkerName);
  CHECK(held.linker.empty());
}

TEST_CASE("only compiler drivers that are known by name are waited for") {
  for (const std::string name : {"cc",
                                 "c++",
                                 "gcc",
                                 "g++",
                                 "clang",
                                 "clang++",
                                 "gcc-12",
                                 "clang-18",
                                 "musl-gcc",
                                 "a/cc",
                                 "x86_64-linux-gnu-gcc",
                                 "x86_64-linux-gnu-g++-12",
                                 "aarch64-linux-gnu-gcc-12.2"}) {
    CHECK(hold_with({"-Clinker=" + name}) == kLate);
  }
  for (const std::string name : {"ld",
                                 "ld.lld",
                                 "rust-lld",
                                 "lld",
                                 "lld-link",
                                 "link.sh",
                                 "mold",
                                 "wasm-ld",
                                 "emcc",
                                 "x-ld",
                                 "gcc-ar",
                                 "mycc",
                                 "linker",
                                 "gcc-wrapper",
                                 "tcc",
                                 ""}) {
    CHECK(hold_with({"-Clinker=" + name}) == Hold::kLinkerName);
  }
  CHECK(hold_with({"-Clinker-flavor=gcc"}) == Hold::kLinkerFlavor);
  CHECK(hold_with({"-Clinker_flavor=ld"}) == Hold::kLinkerFlavor);
}

TEST_CASE("linker arguments are nobody's business") {
  CHECK(hold_with({"-Clink-arg=-fuse-ld=mold", "-Clink-args=-B/x -Wl,-O1", "-Clink-self-contained=+linker"}) == kLate);
  CHECK(hold_with({"-C", "link-arg=@list", "--cfg", "@x", "-L", "@y", "-lstatic=z", "-g", "-O", "-v"}) == kLate);
}

TEST_CASE("what would show the gate or stubs is held") {
  CHECK(hold_with({"-Crpath"}) == Hold::kRpath);
  CHECK(hold_with({"-Crpath=yes", "-Crpath=off"}) == kLate);
  CHECK(hold_with({"-Csave-temps"}) == Hold::kSaveTemps);
  CHECK(hold_with({"--print", "link-args"}) == Hold::kPrint);
  CHECK(hold_with({"--print=native-static-libs"}) == Hold::kPrint);
  CHECK(hold_with({"-Zbinary-dep-depinfo"}) == Hold::kDepInfo);
}

TEST_CASE("flags that are not understood are not guessed") {
  CHECK(hold_with({"@flags"}) == Hold::kHiddenArgument);
  CHECK(hold_with({"-gClinker=ld"}) == Hold::kHiddenArgument);
  CHECK(hold_with({"-Z", "shell-argfiles"}) == Hold::kHiddenArgument);
  CHECK(hold_with({"-Zcodegen-backend=cranelift"}) == Hold::kCodegenBackend);
}

TEST_CASE("a wrapper is given what cargo gives it") {
  Linking f;
  f.settings.rustc_wrapper = "/bin/cache";
  CHECK(f.ask(f.bin("app")).hold == Hold::kWrapper);
  f.settings.rustc_wrapper.reset();
  f.settings.rustc_workspace_wrapper = "/bin/clippy-driver";
  CHECK(f.ask(f.bin("app")).hold == Hold::kWrapper);
}

TEST_CASE("other systems are held") {
  for (const auto& [triple, hold] : {std::pair<std::string, std::optional<Hold>>{"aarch64-unknown-linux-gnu", kLate},
                                     {"x86_64-unknown-linux-musl", kLate},
                                     {"armv7-unknown-linux-gnueabihf", kLate},
                                     {"x86_64-pc-windows-msvc", Hold::kTarget},
                                     {"aarch64-apple-darwin", Hold::kTarget},
                                     {"wasm32-unknown-unknown", Hold::kTarget},
                                     {"hexagon-unknown-linux-musl", Hold::kTarget},
                                     {"x86_64-linux-android", Hold::kTarget}}) {
    Linking f;
    f.settings.targets[pcargo::cargo::kHostPlatform].triple = triple;
    CHECK(f.ask(f.bin("app")).hold == hold);
  }
}

TEST_CASE("everything that goes in must make metadata") {
  for (const auto& types : {Words{"dylib"}, Words{"rlib", "cdylib"}, Words{"lib", "staticlib"}}) {
    Linking f;
    const auto odd = f.unit("odd", TargetKind::kLib, types);
    const auto util = f.lib("util", {{odd, "odd"}});
    CHECK(f.ask(f.bin("app", {{util, "util"}})).hold == Hold::kNoMetadata);
  }
  Linking f;
  const auto odd = f.unit("odd", TargetKind::kLib, {"dylib"});
  const auto macro = f.unit("macro", TargetKind::kLib, {"proc-macro"}, {{odd, "odd"}});
  const auto script = f.script("util", {{odd, "odd"}});
  const auto util = f.lib("util", {{macro, "macro"}, {f.script_run("util", {{script, "build_script_build"}}), "run"}});
  const auto made = f.plan({f.bin("app", {{util, "util"}})});
  CHECK(pcargo::plan::derive_metadata_below(made->graph())[made->graph().roots[0]] == 1);
  CHECK(pcargo::plan::derive_metadata_below(made->graph())[macro] == 0);
}

TEST_CASE("metadata that are kept apart are in no archive") {
  CHECK(hold_with({"-Zembed-metadata=no"}) == Hold::kMetadataApart);
  Linking f;
  f.settings.no_embed_metadata = true;
  CHECK(f.ask(f.bin("app")).hold == Hold::kMetadataApart);
}

TEST_CASE("a native library that is bundled whole is taken out of the archive by rustc") {
  for (const auto& [library, hold] :
       {std::pair<std::string, std::optional<Hold>>{"static:+whole-archive=z", Hold::kWholeArchive},
        {"static:+whole-archive,+verbatim=libz.a", Hold::kWholeArchive},
        {"static=z", kLate},
        {"static:-bundle=z", kLate},
        {"z", kLate}}) {
    Linking f;
    const auto script = f.script("util");
    const auto run = f.script_run("util", {{script, "build_script_build"}});
    f.packages[f.package("util")].links = "z";
    const auto util = f.lib("util", {{run, "build_script_build"}});
    pcargo::cargo::BuildScriptOutput output;
    output.library_links = {library};
    CHECK(f.ask(f.bin("app", {{util, "util"}}), {{run, output}}).hold == hold);
    CHECK(hold_with({"-l", library}) == hold);
  }
  CHECK(hold_with({"-lstatic:+whole-archive=z", "-lz"}) == Hold::kWholeArchive);
  CHECK(hold_with({"-Zpacked-bundled-libs"}) == Hold::kWholeArchive);
}

TEST_CASE("a late-linked command sees stubs and the gate") {
  Linking f;
  const auto util = f.lib("util");
  const auto app = f.bin("app", {{util, "util"}});
  const auto plan = f.plan({app});
  const auto before = plan->compile_invocation(app, {});
  const auto deps = plan->layout().deps(pcargo::cargo::kHostPlatform);
  const auto after = late_linked(before, {{deps, "/stubs"}}, "/gate/cc");
  auto expected = before.argv;
  int replaced = 0;
  for (auto& word : expected) {
    if (word == "dependency=" + deps) {
      word = "dependency=/stubs";
      ++replaced;
    } else if (word.starts_with("util=" + deps + "/")) {
      word = "util=/stubs" + word.substr(word.rfind('/'));
      ++replaced;
    }
  }
  CHECK(replaced == 2);
  expected.insert(expected.end(), {"-C", "linker=/gate/cc"});
  CHECK(after.argv == expected);
  CHECK(after.set_environment == before.set_environment);
}

TEST_CASE("every reason has words of its own") {
  std::vector<std::string_view> seen;
  for (int i = 0; i <= static_cast<int>(Hold::kNoMetadata); ++i) {
    const auto text = hold_text(static_cast<Hold>(i));
    CHECK(std::find(seen.begin(), seen.end(), text) == seen.end());
    seen.push_back(text);
  }
}
