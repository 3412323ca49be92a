// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/rustflags.h"

#include "support/config_story.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace pcargo::prepare {
namespace {

using test::ConfigStory;
using Strings = std::vector<std::string>;

const cargo::CfgSet kLinux = {{"unix", std::nullopt}, {"target_os", "linux"}};

/// For the triple `t`, as a target unless told otherwise.
Strings flags(const ConfigStory& story,
              FlagQuestion question = {.triple = "t", .cfg = &kLinux},
              FlagKind kind = FlagKind::kRustflags) {
  const auto found = flags_for(story.load(), kind, question);
  INFO(ConfigStory::text_of(found));
  REQUIRE(found);
  return *found;
}

ConfigStory everything() {
  return ConfigStory()
      .config(
          "build.rustflags = 'from-build'\n"
          "[target]\n"
          "t.rustflags = ['from-triple']\n"
          "'cfg(unix)'.rustflags = 'from-unix'\n"
          "'cfg(target_os = \"linux\")'.rustflags = 'from-linux'\n"
          "'cfg(windows)'.rustflags = 'from-windows'\n")
      .variable("RUSTFLAGS", "from-variable")
      .variable("CARGO_ENCODED_RUSTFLAGS",
                "from\x1f"
                "encoded words");
}

TEST_CASE("the first of four places that says something is heard alone") {
  CHECK(flags(everything()) == Strings{"from", "encoded words"});
  CHECK(flags(ConfigStory().variable("RUSTFLAGS", " -C  x\t -g ").config("build.rustflags = 'from-build'")) ==
        Strings{"-C", "x", "-g"});
  CHECK(flags(ConfigStory().config("build.rustflags = 'b'\ntarget.t.rustflags = 't'")) == Strings{"t"});
  CHECK(flags(ConfigStory().config("build.rustflags = 'b'")) == Strings{"b"});
  CHECK(flags(ConfigStory()).empty());
}

TEST_CASE("a variable that is set but empty asks for no flags") {
  auto story = ConfigStory().config("build.rustflags = 'b'");
  CHECK(flags(story.variable("RUSTFLAGS", "")).empty());
  CHECK(flags(story.variable("RUSTFLAGS", "x").variable("CARGO_ENCODED_RUSTFLAGS", "")).empty());
}

TEST_CASE("the tables of a target are added up: its triple first, then cfg tables by name") {
  auto story = ConfigStory().config(
      "[target]\n"
      "t.rustflags = ['triple']\n"
      "'cfg(unix)'.rustflags = 'unix'\n"
      "'cfg(target_os = \"linux\")'.rustflags = 'linux'\n"
      "'cfg(windows)'.rustflags = 'windows'\n");
  CHECK(flags(story) == Strings{"triple", "linux", "unix"});
  CHECK(flags(story, {.triple = "other", .cfg = &kLinux}) == Strings{"linux", "unix"});
}

TEST_CASE("before rustc has answered, cfg tables are left out") {
  auto story = ConfigStory().config("target.'cfg(unix)'.rustflags = 'unix'\nbuild.rustflags = 'build'");
  CHECK(flags(story, {.triple = "t", .cfg = nullptr}) == Strings{"build"});
  CHECK(flags(story) == Strings{"unix"});
}

TEST_CASE("an empty list of a target does not hide the build's") {
  CHECK(flags(ConfigStory().config("target.t.rustflags = []\nbuild.rustflags = 'build'")) == Strings{"build"});
}

TEST_CASE("the variable of a triple is part of its list") {
  auto story =
      ConfigStory().config("target.t-u.rustflags = ['file']").variable("CARGO_TARGET_T_U_RUSTFLAGS", "variable");
  CHECK(flags(story, {.triple = "t-u"}) == Strings{"file", "variable"});
}

TEST_CASE("the host gets the flags of everyone, unless a target was asked for") {
  const FlagQuestion host{.triple = "t", .is_host = true, .cfg = &kLinux};
  FlagQuestion cross = host;
  cross.target_requested = true;
  CHECK(flags(everything(), host) == Strings{"from", "encoded words"});
  CHECK(flags(everything(), cross).empty());
}

TEST_CASE("rustdoc has variables and keys of its own, and no cfg tables") {
  const FlagQuestion question{.triple = "t", .cfg = &kLinux};
  auto story = everything().variable("RUSTDOCFLAGS", "docs");
  CHECK(flags(story, question, FlagKind::kRustdocflags) == Strings{"docs"});
  CHECK(flags(everything(), question, FlagKind::kRustdocflags).empty());
  CHECK(flags(ConfigStory().config("target.'cfg(unix)'.rustdocflags = 'x'\nbuild.rustdocflags = 'b'"),
              question,
              FlagKind::kRustdocflags) == Strings{"b"});
}

TEST_CASE("the probes ask with and without an answer, and by short name") {
  const cargo::Config config =
      ConfigStory().config("target.spec.rustflags = 's'\ntarget.'cfg(unix)'.rustflags = 'u'").load();
  const RustflagsFor ask = rustflags_for_probes(config, true);
  plan::TargetInfo info;
  info.cfg = kLinux;
  CHECK(*ask("host", std::nullopt, &info) == Strings{});
  CHECK(*ask("host", "/specs/spec.json", nullptr) == Strings{"s"});
  CHECK(*ask("host", "/specs/spec.json", &info) == Strings{"s", "u"});
  CHECK(*rustflags_for_probes(config, false)("spec", std::nullopt, &info) == Strings{"s", "u"});
}

}  // namespace
}  // namespace pcargo::prepare
