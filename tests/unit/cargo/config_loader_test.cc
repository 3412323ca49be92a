// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/config_loader.h"

#include "cargo/config_argument.h"
#include "support/config_story.h"

#include <catch2/catch.hpp>

#include <string>

namespace pcargo::cargo {
namespace {

using test::ConfigStory;

std::string value_of(const ConfigStory& story, const std::string& key) {
  const Config config = story.load();
  const auto value = config.get_string(key);
  REQUIRE(value);
  return *value ? (*value)->value : "(none)";
}

TEST_CASE("an included file comes first, the including one overrides it") {
  auto story = ConfigStory()
                   .config("include = ['first.toml', { path = '../second.toml' }]\na.x = 'outer'")
                   .file("/work/app/.cargo/first.toml", "a.x = 'first'\na.y = 'first'\na.z = 'first'")
                   .file("/work/app/.cargo/../second.toml", "a.y = 'second'");
  CHECK(value_of(story, "a.x") == "outer");
  CHECK(value_of(story, "a.y") == "second");
  CHECK(value_of(story, "a.z") == "first");
  CHECK(value_of(story, "include") == "(none)");
}

TEST_CASE("what an included file says about paths is relative to that file") {
  auto story = ConfigStory().config("include = ['/shared/conf/x.toml']").file("/shared/conf/x.toml", "a.x = 'p'");
  CHECK(story.load().get_path("a.x").value() == "/shared/p");
}

TEST_CASE("an optional include may be missing, another may not") {
  CHECK(ConfigStory().config("include = [{ path = 'no.toml', optional = true }]").refusal().empty());
  CHECK(ConfigStory().config("include = ['no.toml']").refusal() ==
        "could not load Cargo configuration\n"
        "<- failed to load config include `no.toml` from `/work/app/.cargo/config.toml`\n"
        "<- failed to read configuration file `/work/app/.cargo/no.toml`\n"
        "<- No such file or directory (os error 2)");
}

TEST_CASE("a circle of includes is found") {
  auto story =
      ConfigStory().config("include = ['a.toml']").file("/work/app/.cargo/a.toml", "include = ['config.toml']");
  CHECK(story.refusal() ==
        "could not load Cargo configuration\n"
        "<- failed to load config include `a.toml` from `/work/app/.cargo/config.toml`\n"
        "<- failed to load config include `config.toml` from `/work/app/.cargo/a.toml`\n"
        "<- config `include` cycle detected with path `/work/app/.cargo/config.toml`");
}

TEST_CASE("includes that are none are refused") {
  const auto refusal = [](const std::string& include) {
    return ConfigStory().argument("include = " + include).refusal();
  };
  const std::string start = "failed to load --config include\n<- ";
  CHECK(refusal("'x.toml'") ==
        start +
            "expected a list of strings or a list of tables, but found string at `include` in `--config cli option");
  CHECK(refusal("[1]") ==
        start + "expected a string or table, but found integer at `include[0]` in --config cli option");
  CHECK(refusal("[{optional = true}]") == start + "missing field `path` at `include[0]` in `--config cli option`");
  CHECK(refusal("[{path = 'x.toml', optional = 1}]") ==
        start + "expected a boolean, but found integer at `include[0].optional` in `--config cli option`");
  CHECK(refusal("['x.txt']") ==
        start + "expected a config include path ending with `.toml`, but found `x.txt` from `--config cli option`");
  CHECK(refusal("['*.toml']") ==
        start + "expected a config include path without glob patterns, but found `*.toml` from `--config cli option`");
  CHECK(refusal("['{x}.toml']") == start +
                                       "expected a config include path without template braces, but found `{x}.toml` "
                                       "from `--config cli option`");
}

TEST_CASE("--config includes from the current directory") {
  auto story = ConfigStory().argument("include = ['x.toml']").file("/work/app/x.toml", "a.x = 'included'");
  CHECK(value_of(story, "a.x") == "included");
}

TEST_CASE("--config with the path of a file reads it, at the command line's priority") {
  auto story = ConfigStory()
                   .config("a.x = 'config'")
                   .file("/work/app/my.toml", "a.x = 'mine'")
                   .variable("CARGO_A_X", "variable")
                   .argument("my.toml");
  CHECK(value_of(story, "a.x") == "mine");
}

TEST_CASE("files that are not config are refused, and named") {
  CHECK(ConfigStory().config("x = 1979-05-27").refusal() ==
        "could not load Cargo configuration\n"
        "<- failed to load TOML configuration from `/work/app/.cargo/config.toml`\n"
        "<- failed to parse config at `x`\n"
        "<- unsupported TOML configuration type `datetime`");
  CHECK(ConfigStory().argument("a.'b c' = [1.5]").refusal() ==
        "failed to convert --config argument `a.'b c' = [1.5]`\n"
        "<- failed to parse config at `a.\"b c\"[0]`\n"
        "<- unsupported TOML configuration type `float`");
  CHECK(ConfigStory().config("a = '\xff'").refusal() ==
        "could not load Cargo configuration\n"
        "<- failed to read configuration file `/work/app/.cargo/config.toml`\n"
        "<- stream did not contain valid UTF-8");

  const std::string syntax = ConfigStory().config("[build").refusal();
  const std::string start =
      "could not load Cargo configuration\n"
      "<- could not parse TOML configuration in `/work/app/.cargo/config.toml`\n"
      "<- TOML parse error at line 1, column ";
  CHECK(syntax.substr(0, start.size()) == start);
}

TEST_CASE("--config takes one dotted key with a value") {
  for (const char* argument : {"a=1",
                               "a . b = 1",
                               "'x y'.\"z=\\\"\" = '#'",
                               "a = [1, # one\n 2]",
                               "a=1\n# after",
                               "\n a = 1 \n",
                               "a = ''''x''''",
                               "a = \"\"\"\nx = 1\n\"\"\"",
                               "a = [{ b = 1 }]"}) {
    INFO(argument);
    CHECK(ConfigStory::text_of(parse_config_argument(argument)).empty());
  }
}

TEST_CASE("--config refuses what is more or less than that") {
  const auto named = [](const std::string& argument) { return "--config argument `" + argument + "` "; };
  for (const std::string argument : {"", " # only a comment", "[a]\nb=1", "a=1\nb=2", "[[a.b]]"}) {
    INFO(argument);
    CHECK(ConfigStory::text_of(parse_config_argument(argument)) ==
          named(argument) + "was not a TOML dotted key expression (such as `build.jobs = 2`)");
  }
  for (const std::string argument : {"a=1 # why", "# why\na=1", "a = ''''x'''' # why"}) {
    INFO(argument);
    CHECK(ConfigStory::text_of(parse_config_argument(argument)) ==
          named(argument) + "includes non-whitespace decoration");
  }
  CHECK(ConfigStory::text_of(parse_config_argument("a={}")) ==
        named("a={}") + "sets a value to an inline table, which is not accepted");
  CHECK(ConfigStory::text_of(parse_config_argument("[[a]]")) ==
        named("[[a]]") + "sets a value to an array of tables, which is not accepted");
  const auto syntax = parse_config_argument("a.b");
  REQUIRE_FALSE(syntax);
  CHECK(syntax.error().message == "failed to parse value from --config argument `a.b` as a dotted key expression");
}

TEST_CASE("--config takes no secrets") {
  CHECK(ConfigStory::text_of(parse_config_argument("registry.token = 'x'")) ==
        "registry.token cannot be set through --config for security reasons");
  CHECK(ConfigStory::text_of(parse_config_argument("registries.mine.secret-key = 'x'")) ==
        "registries.mine.secret-key cannot be set through --config for security reasons");
}

TEST_CASE("--config that does not fit the files is refused") {
  CHECK(ConfigStory().config("a.b = 1").argument("a.b = [1]").refusal() ==
        "failed to merge key `a` between /work/app/.cargo/config.toml and --config cli option\n"
        "<- failed to merge key `b` between /work/app/.cargo/config.toml and --config cli option\n"
        "<- failed to merge config value from `--config cli option` into `/work/app/.cargo/config.toml`: expected "
        "integer, but found array");
}

}  // namespace
}  // namespace pcargo::cargo
