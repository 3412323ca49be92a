// SPDX-License-Identifier: MIT OR Apache-2.0
// The table of cargo-behaviour 1.4, which was observed on cargo 1.95.
#include "plan/lto.h"

#include "support/plan_fixture.h"

#include <catch2/catch.hpp>

using pcargo::UnitId;
using pcargo::plan::lto_arguments;
using Words = std::vector<std::string>;

namespace {

/// `root` depends on a library; both with the given profile value. Gives the arguments of library and root.
std::pair<Words, Words> with_lto(const std::string& value, const Words& root_types, pcargo::cargo::CompileMode mode) {
  using pcargo::cargo::TargetKind;
  pcargo::test::PlanFixture f;
  f.dev();
  f.graph.profiles[pcargo::cargo::ProfileId{0}].lto = value;
  const auto b = f.unit("b", TargetKind::kLib, {"lib"});
  const auto kind = root_types.front() == "bin" ? TargetKind::kBin : TargetKind::kLib;
  const auto root = f.unit("app", kind, root_types, {{b, "b"}}, mode);
  f.graph.roots = {root};
  const auto states = pcargo::plan::derive_lto(f.graph);
  return {lto_arguments(states[b]), lto_arguments(states[root])};
}

const auto kBuild = pcargo::cargo::CompileMode::kBuild;

}  // namespace

TEST_CASE("a binary runs LTO over libraries that hold bitcode only") {
  CHECK(with_lto("false", {"bin"}, kBuild) ==
        std::pair(Words{"-C", "embed-bitcode=no"}, Words{"-C", "embed-bitcode=no"}));
  CHECK(with_lto("true", {"bin"}, kBuild) == std::pair(Words{"-C", "linker-plugin-lto"}, Words{"-C", "lto"}));
  CHECK(with_lto("thin", {"bin"}, kBuild) == std::pair(Words{"-C", "linker-plugin-lto"}, Words{"-C", "lto=thin"}));
  const Words off{"-C", "lto=off", "-C", "embed-bitcode=no"};
  CHECK(with_lto("off", {"bin"}, kBuild) == std::pair(off, off));
}

TEST_CASE("a library that is also a cdylib needs objects and bitcode") {
  CHECK(with_lto("true", {"cdylib", "rlib"}, kBuild) == std::pair(Words{}, Words{}));
}

TEST_CASE("a library alone keeps bitcode for whoever links it") {
  CHECK(with_lto("true", {"rlib"}, kBuild).first == Words{"-C", "linker-plugin-lto"});
}

TEST_CASE("the test of a library links, so it runs LTO") {
  CHECK(with_lto("true", {"lib"}, pcargo::cargo::CompileMode::kTest) ==
        std::pair(Words{"-C", "linker-plugin-lto"}, Words{"-C", "lto"}));
}

TEST_CASE("what is reached with and without LTO holds both") {
  using pcargo::cargo::TargetKind;
  pcargo::test::PlanFixture f;
  f.dev();
  f.graph.profiles[pcargo::cargo::ProfileId{0}].lto = "true";
  const auto b = f.lib("b");
  const auto macro = f.unit("m", TargetKind::kLib, {"proc-macro"}, {{b, "b"}});
  const auto app = f.bin("app", {{b, "b"}, {macro, "m"}});
  f.graph.roots = {app};
  const auto states = pcargo::plan::derive_lto(f.graph);
  CHECK(lto_arguments(states[b]) == Words{});
  CHECK(lto_arguments(states[macro]) == Words{"-C", "embed-bitcode=no"});
}

TEST_CASE("a chain of a hundred thousand libraries does not exhaust the stack") {
  pcargo::test::PlanFixture f;
  UnitId last = f.lib("p");
  for (int i = 0; i < 100000; ++i) {
    last = f.lib("p", {{last, "p"}});
  }
  f.graph.roots = {last};
  CHECK(pcargo::plan::derive_lto(f.graph).size() == 100001);
}
