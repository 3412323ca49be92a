// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/settings_resolver.h"

#include "support/config_story.h"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

namespace pcargo::prepare {
namespace {

using test::ConfigStory;
using Strings = std::vector<std::string>;

ProbedTarget probed(std::optional<std::string> target, Strings rustflags) {
  ProbedTarget answer;
  answer.target = std::move(target);
  answer.probe.sysroot = "/sysroot";
  answer.probe.info.cfg = {{"unix", std::nullopt}};
  answer.rustflags = std::move(rustflags);
  return answer;
}

/// A host build; `platform` adds a unit platform that rustc was asked about.
Prepared prepared(const ConfigStory& story, const std::optional<std::string>& platform = std::nullopt) {
  Prepared all{.config = story.load()};
  all.cargo.real_path = "/toolchain/bin/cargo";
  all.cargo.environment.set("HOME", "/home/me");
  all.cargo_version = "1.95.0";
  all.rustc = {"rustc", "", "ww"};
  all.rustdoc = "rustdoc";
  all.probes.version = {"rustc 1.95.0\nhost: h\n", "h", "1.95.0"};
  all.probes.targets.push_back(probed(std::nullopt, {"-host"}));
  all.graph.platforms.push_back("");
  if (platform) {
    all.probes.targets.push_back(probed(platform, {"-target"}));
    all.graph.platforms.push_back(*platform);
  }
  all.metadata.workspace_root = "/work";
  return all;
}

plan::Settings settings(const Prepared& all, const CommandLine& line, const ProfileParents& profiles = {}) {
  const auto found = resolve_settings({.line = line, .prepared = all, .manifest_profiles = profiles, .cores = 4});
  INFO(ConfigStory::text_of(found));
  REQUIRE(found);
  return *found;
}

CommandLine command(const std::string& name) {
  CommandLine line;
  line.command = name;
  return line;
}

TEST_CASE("a plain build of the host") {
  const plan::Settings plain = settings(prepared(ConfigStory()), command("build"));

  CHECK(plain.toolchain.cargo == "/toolchain/bin/cargo");
  CHECK(plain.toolchain.host == "h");
  CHECK(plain.toolchain.sysroot == "/sysroot");
  CHECK(plain.environment.get("HOME") == "/home/me");
  CHECK(plain.current_directory == "/work/app");
  CHECK(plain.cargo_home == "/home/me/.cargo");
  CHECK(plain.workspace_root == "/work");
  CHECK(plain.target_directory == "/work/target");
  CHECK(plain.build_directory == "/work/target");
  CHECK_FALSE(plain.rustc_wrapper);
  CHECK(plain.rustc_workspace_wrapper == "ww");
  CHECK_FALSE(plain.target_requested);
  CHECK(plain.requested_profile == "dev");
  CHECK(plain.profile_directory == "debug");
  CHECK_FALSE(plain.profile_root_is_release);
  CHECK(plain.jobs == 4);
  CHECK(plain.verbosity == 0);
  CHECK_FALSE(plain.check_only);
  CHECK_FALSE(plain.diagnostics_short);
  CHECK_FALSE(plain.dep_info_basedir);
  REQUIRE(plain.targets.size() == 1);
  CHECK(plain.targets[cargo::kHostPlatform].triple == "h");
  CHECK(plain.targets[cargo::kHostPlatform].rustflags == Strings{"-host"});
}

TEST_CASE("each platform of the graph has its own linker, runner and flags") {
  auto story = ConfigStory().config(
      "[target.h]\nlinker = 'host-ld'\n[target.spec]\nlinker = 'spec-ld'\nrunner = 'run -x'\nrustdocflags = '-d'\n"
      "[target.spec.foo]\nversion = '1'");
  CommandLine line = command("build");
  line.targets = {"/specs/spec.json"};
  const plan::Settings cross = settings(prepared(story, "/specs/spec.json"), line);

  CHECK(cross.target_requested);
  REQUIRE(cross.targets.size() == 2);
  const plan::TargetSettings& host = cross.targets[cargo::kHostPlatform];
  CHECK(host.linker == "host-ld");
  CHECK(host.rustdocflags.empty());
  const plan::TargetSettings& target = cross.targets[cargo::PlatformId{1}];
  CHECK(target.triple == "spec");
  CHECK(target.linker == "spec-ld");
  CHECK(target.runner == Strings{"run", "-x"});
  CHECK(target.rustflags == Strings{"-target"});
  CHECK(target.rustdocflags == Strings{"-d"});
  CHECK(target.links_overrides.count("foo") == 1);
}

TEST_CASE("build.target asks for a target, too") {
  CHECK(settings(prepared(ConfigStory().config("build.target = 't'"), "t"), command("build")).target_requested);
}

TEST_CASE("a platform that rustc was not asked about is an error, not a guess") {
  Prepared all = prepared(ConfigStory(), "t");
  all.probes.targets.pop_back();
  const CommandLine line = command("build");
  const auto refused = resolve_settings({.line = line, .prepared = all});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "rustc was not asked about the target `t`");
}

TEST_CASE("what the command line says reaches the plan") {
  CommandLine line = command("rustc");
  line.profile = "fast";
  line.jobs = "-1";
  line.keep_going = true;
  line.verbose = 2;
  line.target_dir = "out";
  line.message_formats = {"json,JSON-diagnostic-short"};
  line.trailing_arguments = {"-C", "x"};
  line.selection.lib = true;
  const plan::Settings found = settings(prepared(ConfigStory()), line, {{"fast", "release"}});

  CHECK(found.requested_profile == "fast");
  CHECK(found.profile_directory == "fast");
  CHECK(found.profile_root_is_release);
  CHECK(found.jobs == 3);
  CHECK(found.keep_going);
  CHECK(found.verbosity == 2);
  CHECK(found.target_directory == "/work/app/out");
  CHECK(found.diagnostics_short);
  CHECK(found.extra_rustc_args == Strings{"-C", "x"});
  CHECK(found.selection.lib);
}

TEST_CASE("only rustc gets what follows the two dashes") {
  CommandLine line = command("run");
  line.trailing_arguments = {"--help"};
  CHECK(settings(prepared(ConfigStory()), line).extra_rustc_args.empty());
}

TEST_CASE("a check is a check, also in rustc's words") {
  CHECK(settings(prepared(ConfigStory()), command("check")).check_only);
  CommandLine line = command("rustc");
  line.profile = "check";
  CHECK(settings(prepared(ConfigStory()), line).check_only);
  CHECK(settings(prepared(ConfigStory()), line).requested_profile == "dev");
}

TEST_CASE("what config says reaches the plan") {
  auto story = ConfigStory().config(
      "build.dep-info-basedir = 'base'\nbuild.build-dir = 'b'\nterm.verbose = true\n[env]\nX = 'y'");
  const plan::Settings found = settings(prepared(story), command("build"));
  CHECK(found.dep_info_basedir == "/work/app/base");
  CHECK(found.build_directory == "/work/app/b");
  CHECK(found.verbosity == 1);
  REQUIRE(found.config_env.count("X") == 1);
  CHECK(found.config_env.at("X").value == "y");
}

TEST_CASE("the probes see [env], where no variable is in its way") {
  auto story = ConfigStory().config("[env]\nX = 'config'\nY = 'config'").variable("Y", "mine");
  const auto environment = environment_for_probes(story.load());
  REQUIRE(environment);
  CHECK(environment->get("X") == "config");
  CHECK(environment->get("Y") == "mine");
}

}  // namespace
}  // namespace pcargo::prepare
