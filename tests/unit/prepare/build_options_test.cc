// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/build_options.h"

#include "support/config_story.h"

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

namespace pcargo::prepare {
namespace {

using test::ConfigStory;
using Strings = std::vector<std::string>;

constexpr int kCores = 8;

template <class T>
T taken(Result<T> result) {
  INFO(ConfigStory::text_of(result));
  REQUIRE(result);
  return *std::move(result);
}

int jobs(const ConfigStory& story, const std::optional<std::string>& argument = std::nullopt) {
  return taken(resolve_jobs(story.load(), argument, kCores));
}

TEST_CASE("jobs: the argument, config, or every core") {
  CHECK(jobs(ConfigStory()) == 8);
  CHECK(jobs(ConfigStory().config("build.jobs = 3")) == 3);
  CHECK(jobs(ConfigStory().config("build.jobs = 3").variable("CARGO_BUILD_JOBS", "4")) == 4);
  CHECK(jobs(ConfigStory().config("build.jobs = 3"), "5") == 5);
  CHECK(jobs(ConfigStory().config("build.jobs = 3"), "default") == 8);
  CHECK(jobs(ConfigStory().config("build.jobs = 'default'")) == 8);
  CHECK(jobs(ConfigStory(), "+5") == 5);
}

TEST_CASE("negative jobs come off the cores, but one is left") {
  CHECK(jobs(ConfigStory(), "-2") == 6);
  CHECK(jobs(ConfigStory(), "-8") == 1);
  CHECK(jobs(ConfigStory(), "-100") == 1);
  CHECK(jobs(ConfigStory().config("build.jobs = -1")) == 7);
}

TEST_CASE("jobs that are no number are refused") {
  const auto refusal = [](const ConfigStory& story, const std::optional<std::string>& argument) {
    return ConfigStory::text_of(resolve_jobs(story.load(), argument, kCores));
  };
  const std::string rest = "`. Number of parallel jobs should be `default` or a number.";
  CHECK(refusal(ConfigStory(), "0") == "jobs may not be 0");
  CHECK(refusal(ConfigStory().config("build.jobs = 0"), std::nullopt) == "jobs may not be 0");
  CHECK(refusal(ConfigStory(), "many") == "could not parse `many" + rest);
  CHECK(refusal(ConfigStory(), "") == "could not parse `" + rest);
  CHECK(refusal(ConfigStory(), "99999999999") == "could not parse `99999999999" + rest);
  CHECK(refusal(ConfigStory().config("build.jobs = '3'"), std::nullopt) == "could not parse `3" + rest);
  const std::string doing = "error in --config cli option: could not load config key `build.jobs`\n<- invalid type: ";
  CHECK(refusal(ConfigStory().argument("build.jobs = true"), std::nullopt) ==
        doing + "boolean `true`, expected an integer or string");
  CHECK(refusal(ConfigStory().argument("build.jobs = 99999999999"), std::nullopt) ==
        doing + "integer `99999999999`, expected an integer or string");
  CHECK(refusal(ConfigStory().argument("build.jobs = []"), std::nullopt) ==
        doing + "sequence, expected an integer or string");
}

Strings targets(const ConfigStory& story, Strings arguments = {}) {
  const auto canonical = [](const std::string& path) { return path + "!"; };
  return taken(resolve_targets(story.load(), {std::move(arguments), "the-host", canonical}));
}

TEST_CASE("targets: arguments, or build.target; each once, sorted") {
  CHECK(targets(ConfigStory()).empty());
  CHECK(targets(ConfigStory().config("build.target = 'b'")) == Strings{"b"});
  CHECK(targets(ConfigStory().config("build.target = ['c', 'b', 'c']")) == Strings{"b", "c"});
  CHECK(targets(ConfigStory().config("build.target = 'b'").variable("CARGO_BUILD_TARGET", "v")) == Strings{"v"});
  CHECK(targets(ConfigStory().config("build.target = 'b'"), {"z", " a ", "z"}) == Strings{"a", "z"});
  CHECK(targets(ConfigStory(), {"host-tuple", "a"}) == Strings{"a", "the-host"});
}

TEST_CASE("a target specification is a path: from here, or from where config is") {
  CHECK(targets(ConfigStory(), {"x.json"}) == Strings{"/work/app/x.json!"});
  CHECK(targets(ConfigStory().file("/work/.cargo/config.toml", "build.target = 'x.json'")) == Strings{"/work/x.json!"});
  CHECK(targets(ConfigStory().variable("CARGO_BUILD_TARGET", "x.json")) == Strings{"/work/app/x.json!"});
}

TEST_CASE("targets that are none are refused") {
  CHECK(ConfigStory::text_of(resolve_targets(ConfigStory().load(), {{" "}, "h"})) == "target was empty");
  const std::string doing = "error in --config cli option: could not load config key `build.target`\n<- ";
  CHECK(ConfigStory::text_of(resolve_targets(ConfigStory().argument("build.target = 1").load(), {{}, "h"})) ==
        doing + doing + "invalid type: integer `1`, expected a string or array");
}

ProfileChoice profile(const ConfigStory& story, const CommandLine& line, const ProfileParents& manifest = {}) {
  return taken(resolve_profile(story.load(), line, manifest));
}

CommandLine with_profile(const std::string& name) {
  CommandLine line;
  line.command = "build";
  line.profile = name;
  return line;
}

TEST_CASE("a profile has a directory and a root") {
  CommandLine line;
  CHECK(profile(ConfigStory(), line).name == "dev");
  line.release = true;
  CHECK(profile(ConfigStory(), line).name == "release");

  struct Case {
    const char* name;
    const char* directory;
    bool is_release;
  };
  for (const Case& expected : {Case{"dev", "debug", false},
                               Case{"test", "debug", false},
                               Case{"release", "release", true},
                               Case{"bench", "release", true}}) {
    INFO(expected.name);
    const ProfileChoice choice = profile(ConfigStory(), with_profile(expected.name));
    CHECK(choice.directory == expected.directory);
    CHECK(choice.root_is_release == expected.is_release);
  }
}

TEST_CASE("a profile of one's own inherits, from manifest and config") {
  const ProfileParents manifest = {{"fast", "bench"}, {"faster", "fast"}, {"odd", "dev"}};
  const ProfileChoice faster = profile(ConfigStory(), with_profile("faster"), manifest);
  CHECK(faster.directory == "faster");
  CHECK(faster.root_is_release);
  CHECK_FALSE(profile(ConfigStory(), with_profile("odd"), manifest).root_is_release);
  CHECK(
      profile(ConfigStory().config("profile.odd.inherits = 'faster'"), with_profile("odd"), manifest).root_is_release);
  CHECK(profile(ConfigStory().variable("CARGO_PROFILE_MY_OWN_INHERITS", "release"), with_profile("my-own"))
            .root_is_release);
}

TEST_CASE("a check with rustc's words is the dev profile") {
  CommandLine line = with_profile("check");
  line.command = "rustc";
  CHECK(profile(ConfigStory(), line).name == "dev");
}

TEST_CASE("profiles that end nowhere are refused") {
  const auto refusal = [](const ConfigStory& story) {
    return ConfigStory::text_of(resolve_profile(story.load(), with_profile("x"), {}));
  };
  CHECK(refusal(ConfigStory()) == "profile `x` is not defined");
  CHECK(refusal(ConfigStory().config("profile.x.opt-level = 1")) ==
        "profile `x` is missing an `inherits` directive (`inherits` is required for all profiles except `dev` or "
        "`release`)");
  CHECK(refusal(ConfigStory().config("profile.x.inherits = 'y'\nprofile.y.inherits = 'x'")) ==
        "profile inheritance loop detected with profile `y` inheriting `x`");
  CHECK(refusal(ConfigStory().config("profile.x.inherits = 'y'")) ==
        "profile `x` inherits from `y`, but that profile is not defined");
}

TEST_CASE("the manifest's profiles are read for what they inherit") {
  const auto manifest = cargo::parse_toml("[profile.release]\nlto = true\n[profile.fast]\ninherits = 'release'");
  REQUIRE(manifest);
  CHECK(profile_parents(*manifest) == ProfileParents{{"fast", "release"}});
  CHECK(profile_parents(*cargo::parse_toml("[package]\nname = 'x'")).empty());
}

TEST_CASE("[env]: a value, or a table that says more") {
  const cargo::Config config = ConfigStory()
                                   .config(
                                       "[env]\nPLAIN = 'p'\nFORCED = { value = 'f', force = true }\n"
                                       "PATHLIKE = { value = 'sub/dir', relative = true }\nA_TABLE = { value = 't' }\n"
                                       "ITSELF = { value = '', relative = true }")
                                   .load();
  const auto entries = taken(resolve_config_env(config));
  REQUIRE(entries.size() == 5);
  CHECK(entries.at("PLAIN").value == "p");
  CHECK_FALSE(entries.at("PLAIN").force);
  CHECK(entries.at("FORCED").force);
  CHECK(entries.at("PATHLIKE").value == "/work/app/sub/dir");
  CHECK(entries.at("A_TABLE").value == "t");
  CHECK(entries.at("ITSELF").value == "/work/app/");

  Environment environment;
  environment.set("PLAIN", "mine");
  environment.set("FORCED", "mine");
  apply_config_env(entries, &environment);
  CHECK(environment.get("PLAIN") == "mine");
  CHECK(environment.get("FORCED") == "f");
  CHECK(environment.get("A_TABLE") == "t");
}

TEST_CASE("[env] that cannot be is refused") {
  const auto refusal = [](const std::string& argument) {
    return ConfigStory::text_of(resolve_config_env(ConfigStory().argument("env." + argument).load()));
  };
  const std::string doing = "error in --config cli option: could not load config key `env.A`\n<- ";
  CHECK(refusal("A = 1") == doing + doing + "invalid type: integer `1`, expected a string or map");
  CHECK(refusal("A.force = true") == doing + doing + "missing field `value`");
  CHECK(refusal("A.value = 1") ==
        doing + doing + "error in --config cli option: `env.A.value` expected a string, but found a integer");
  CHECK(refusal("CARGO_HOME = 'x'") ==
        "setting the `CARGO_HOME` environment variable is not supported in the `[env]` configuration table");
}

TEST_CASE("an alias is a string of words, or a list") {
  const auto alias = [](const ConfigStory& story, const char* name) {
    return taken(resolve_alias(story.load(), name));
  };
  auto story = ConfigStory().config("[alias]\nrr = 'run  --release'\nsay = ['run', '--', 'a b']");
  CHECK(alias(story, "rr") == Strings{"run", "--release"});
  CHECK(alias(story, "say") == Strings{"run", "--", "a b"});
  CHECK_FALSE(alias(story, "none"));
  CHECK(alias(ConfigStory().variable("CARGO_ALIAS_MY_B", "build -v"), "my-b") == Strings{"build", "-v"});
  CHECK(ConfigStory::text_of(resolve_alias(ConfigStory().config("alias.e = ' '").load(), "e")) ==
        "subcommand is required, but `alias.e` is empty");
  CHECK(ConfigStory::text_of(resolve_alias(ConfigStory().argument("alias.n = 1").load(), "n")) ==
        "invalid configuration for key `alias.n`\nexpected a list, but found a integer for `alias.n` in --config cli "
        "option");
}

TEST_CASE("small switches have a default and refuse other words") {
  CHECK(taken(resolve_warnings(ConfigStory().load())) == "warn");
  CHECK(taken(resolve_warnings(ConfigStory().variable("CARGO_BUILD_WARNINGS", "deny").load())) == "deny");
  CHECK(ConfigStory::text_of(resolve_warnings(ConfigStory().variable("CARGO_BUILD_WARNINGS", "x").load())) ==
        "error in environment variable `CARGO_BUILD_WARNINGS`: could not load config key `build.warnings`\n"
        "<- unknown variant `x`, expected one of `warn`, `allow`, `deny`");
  CHECK(taken(shows_future_incompat(ConfigStory().load())));
  CHECK_FALSE(taken(shows_future_incompat(ConfigStory().config("future-incompat-report.frequency = 'never'").load())));
}

}  // namespace
}  // namespace pcargo::prepare
