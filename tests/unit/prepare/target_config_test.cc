// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/target_config.h"

#include "support/config_story.h"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

namespace pcargo::prepare {
namespace {

using test::ConfigStory;
using Strings = std::vector<std::string>;
using Kind = cargo::LinkArgTarget::Kind;

const cargo::CfgSet kLinux = {{"unix", std::nullopt}, {"target_os", "linux"}};

std::optional<std::string> linker(const ConfigStory& story) {
  const auto found = linker_for(story.load(), "t", kLinux);
  INFO(ConfigStory::text_of(found));
  REQUIRE(found);
  return *found;
}

TEST_CASE("a linker is named by its triple, or by the cfg table that holds") {
  CHECK_FALSE(linker(ConfigStory()));
  CHECK(linker(ConfigStory().config("target.'cfg(unix)'.linker = 'ld'\ntarget.t.linker = 'lld'")) == "lld");
  CHECK(linker(ConfigStory().config("target.'cfg(unix)'.linker = 'ld'\ntarget.'cfg(windows)'.linker = 'l'")) == "ld");
  CHECK(linker(ConfigStory().variable("CARGO_TARGET_T_LINKER", "bin/ld")) == "/work/app/bin/ld");
  CHECK(linker(ConfigStory().file("/work/.cargo/config.toml", "target.t.linker = 'bin/ld'")) == "/work/bin/ld");
}

TEST_CASE("two cfg tables with a linker are one too many") {
  const cargo::Config config =
      ConfigStory().config("target.'cfg(unix)'.linker = 'a'\ntarget.'cfg(target_os=\"linux\")'.linker = 'b'").load();
  CHECK(ConfigStory::text_of(linker_for(config, "t", kLinux)) ==
        "several matching instances of `target.'cfg(..)'.linker` in configurations\n"
        "first match `cfg(target_os=\"linux\")` located in /work/app/.cargo/config.toml\n"
        "second match `cfg(unix)` located in /work/app/.cargo/config.toml");
}

TEST_CASE("a linker is one word") {
  const std::string doing = "error in /work/app/.cargo/config.toml: could not load config key `target.t.linker`\n<- ";
  CHECK(ConfigStory::text_of(linker_for(ConfigStory().config("target.t.linker = ['x']").load(), "t", kLinux)) ==
        doing + doing +
            "error in /work/app/.cargo/config.toml: `target.t.linker` expected a string, but found a array");
}

TEST_CASE("a runner has arguments, and its program is found as a linker is") {
  const auto runner = [](const ConfigStory& story) { return runner_for(story.load(), "t", kLinux).value(); };
  CHECK_FALSE(runner(ConfigStory()));
  CHECK(runner(ConfigStory().config("target.t.runner = 'bin/qemu -L x'")) == Strings{"/work/app/bin/qemu", "-L", "x"});
  CHECK(runner(ConfigStory().config("target.'cfg(unix)'.runner = ['qemu', 'a b']")) == Strings{"qemu", "a b"});
  CHECK(ConfigStory::text_of(
            runner_for(ConfigStory().config("target.'cfg(unix)'.runner = 'a'\ntarget.'cfg(all())'.runner = 'b'").load(),
                       "t",
                       kLinux)) ==
        "several matching instances of `target.'cfg(..)'.runner` in configurations\n"
        "first match `cfg(all())` located in /work/app/.cargo/config.toml\n"
        "second match `cfg(unix)` located in /work/app/.cargo/config.toml");
}

TEST_CASE("a table under a triple stands for the build script of that library") {
  const cargo::Config config =
      ConfigStory()
          .config(
              "[target.t]\nlinker = 'ld'\nrunner = 'x'\nrustflags = ''\nrustdocflags = ''\nar = 'x'\n"
              "[target.t.foo]\n"
              "rustc-flags = '-l a -Lnative=/b -lc'\n"
              "rustc-link-lib = ['static=d']\n"
              "rustc-link-search = ['/e']\n"
              "rustc-link-arg = ['-f']\n"
              "rustc-link-arg-bins = ['-g']\n"
              "rustc-cdylib-link-arg = ['-h']\n"
              "rustc-link-arg-tests = ['-t']\n"
              "rustc-link-arg-benches = ['-u']\n"
              "rustc-link-arg-examples = ['-v']\n"
              "rustc-cfg = ['i', 'j=\"k\"']\n"
              "rustc-check-cfg = ['cfg(i)']\n"
              "rustc-env = { Z = '1', A = '2' }\n"
              "version = '3'\n"
              "include = '/inc'\n"
              "[target.t.bar]\n")
          .load();
  const auto overrides = links_overrides_for(config, "t");
  INFO(ConfigStory::text_of(overrides));
  REQUIRE(overrides);
  REQUIRE(overrides->size() == 2);
  CHECK(overrides->at("bar") == cargo::BuildScriptOutput());

  const cargo::BuildScriptOutput& foo = overrides->at("foo");
  CHECK(foo.library_links == Strings{"a", "c", "static=d"});
  CHECK(foo.library_paths == Strings{"native=/b", "/e"});
  using Argument = std::pair<cargo::LinkArgTarget, std::string>;
  CHECK(foo.linker_args == std::vector<Argument>{{{Kind::kCdylib}, "-h"},
                                                 {{Kind::kAll}, "-f"},
                                                 {{Kind::kBench}, "-u"},
                                                 {{Kind::kBin}, "-g"},
                                                 {{Kind::kExample}, "-v"},
                                                 {{Kind::kTest}, "-t"}});
  CHECK(foo.cfgs == Strings{"i", "j=\"k\""});
  CHECK(foo.check_cfgs == Strings{"cfg(i)"});
  CHECK(foo.env == std::vector<std::pair<std::string, std::string>>{{"A", "2"}, {"Z", "1"}});
  CHECK(foo.metadata == std::vector<std::pair<std::string, std::string>>{{"include", "/inc"}, {"version", "3"}});
  CHECK(links_overrides_for(config, "other").value().empty());
}

TEST_CASE("overrides that a build script could not have said are refused") {
  const auto refusal = [](const std::string& toml) {
    return ConfigStory::text_of(links_overrides_for(ConfigStory().argument("target.t-u." + toml).load(), "t-u"));
  };
  CHECK(refusal("foo = 1") == "expected a table, but found a integer for `target.t-u.foo` in --config cli option");
  CHECK(refusal("foo.warning = 'x'") == "`warning` is not supported in build script overrides");
  CHECK(refusal("foo.rerun-if-changed = 'x'") == "`rerun-if-changed` is not supported in build script overrides");
  CHECK(refusal("foo.rustc-link-lib = 'x'") ==
        "expected a list, but found a string for `rustc-link-lib` in --config cli option");
  CHECK(refusal("foo.rustc-cfg = [1]") ==
        "expected a string, but found a array for `rustc-cfg` in --config cli option");
  CHECK(refusal("foo.rustc-env = 'x'") ==
        "expected a table, but found a string for `rustc-env` in --config cli option");
  CHECK(refusal("foo.rustc-env.A = 1") == "expected a string, but found a integer for `A` in --config cli option");
  CHECK(refusal("foo.version = 1") == "expected a string, but found a integer for `version` in --config cli option");
  CHECK(
      refusal("foo.rustc-flags = '-x'") ==
      "only `-l` and `-L` flags are allowed in target config `target.t-u.rustc-flags` (in --config cli option): `-x`");
  CHECK(refusal("foo.rustc-flags = '-la -L'") ==
        "flag in rustc-flags has no value in target config `target.t-u.rustc-flags` (in --config cli option): ");
}

}  // namespace
}  // namespace pcargo::prepare
