// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/config.h"

#include "support/config_story.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace pcargo::cargo {
namespace {

using test::ConfigStory;
using Strings = std::vector<std::string>;

std::string string_at(const Config& config, const std::string& key) {
  const auto value = config.get_string(key);
  INFO(ConfigStory::text_of(value));
  REQUIRE(value);
  return *value ? (*value)->value : "(none)";
}

Strings list_at(const Config& config, const ConfigKey& key) {
  const auto value = config.get_string_list(key);
  INFO(ConfigStory::text_of(value));
  REQUIRE(value);
  return *value ? (*value)->value : Strings{"(none)"};
}

TEST_CASE("the variable of a key is in capitals, dots and dashes are underscores") {
  CHECK(ConfigKey("build.target-dir").environment_name() == "CARGO_BUILD_TARGET_DIR");
  CHECK(ConfigKey("target.x86_64-unknown-linux-gnu.linker").environment_name() ==
        "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER");
  CHECK(ConfigKey("profile.release-lto.lto").environment_name() == "CARGO_PROFILE_RELEASE_LTO_LTO");
}

TEST_CASE("a key is shown as TOML would write it") {
  CHECK(ConfigKey("build.target-dir").display() == "build.target-dir");
  CHECK(ConfigKey("target").child("cfg(unix)").child("linker").display() == "target.\"cfg(unix)\".linker");
  CHECK(ConfigKey("target").child("cfg(a = \"b\")").display() == "target.'cfg(a = \"b\")'");
}

TEST_CASE("nearer files win over farther ones, and those over Cargo's home") {
  auto story = ConfigStory()
                   .home("a.x = 'home'\na.y = 'home'\na.z = 'home'")
                   .file("/work/.cargo/config.toml", "a.x = 'outer'\na.y = 'outer'")
                   .config("a.x = 'inner'");
  const Config config = story.load();

  CHECK(string_at(config, "a.x") == "inner");
  CHECK(string_at(config, "a.y") == "outer");
  CHECK(string_at(config, "a.z") == "home");
  CHECK(config.files() ==
        Strings{"/work/app/.cargo/config.toml", "/work/.cargo/config.toml", "/home/me/.cargo/config.toml"});
}

TEST_CASE("Cargo's home is read once when it is on the way up") {
  test::MemoryFileSystem files;
  files.files["/home/me/.cargo/config.toml"] = "a.list = ['once']";
  const auto config = Config::load(files, Environment(), {"/home/me/src/app", "/home/me/.cargo"});
  REQUIRE(config);
  CHECK(list_at(*config, "a.list") == Strings{"once"});
}

TEST_CASE("the search goes no further up than the test suite of cargo wants") {
  auto story = ConfigStory().file("/.cargo/config.toml", "a.x = 'root'").variable("__CARGO_TEST_ROOT", "/work");
  CHECK(string_at(story.load(), "a.x") == "(none)");
}

TEST_CASE("a file without extension wins, with a warning") {
  auto story = ConfigStory().file("/work/app/.cargo/config", "a.x = 'old'");
  const Config alone = story.load();
  CHECK(string_at(alone, "a.x") == "old");
  CHECK(alone.warnings() ==
        Strings{"`/work/app/.cargo/config` is deprecated in favor of `config.toml`\n  |\n  = help: if you "
                "need to support cargo 1.38 or earlier, you can symlink `config` to `config.toml`"});

  const Config both = story.config("a.x = 'new'").load();
  CHECK(string_at(both, "a.x") == "old");
  CHECK(both.warnings() == Strings{"both `/work/app/.cargo/config` and `/work/app/.cargo/config.toml` exist. Using "
                                   "`/work/app/.cargo/config`"});
}

TEST_CASE("no warning when both names are one file") {
  test::MemoryFileSystem files;
  files.files["/w/.cargo/config"] = "";
  files.files["/w/.cargo/config.toml"] = "";
  const auto same = [](const std::string&) { return std::string("/w/.cargo/config.toml"); };
  const auto config = Config::load(files, Environment(), {"/w", "/home/me/.cargo", {}, same});
  REQUIRE(config);
  CHECK(config->warnings().empty());
}

TEST_CASE("a variable beats files, --config beats both") {
  auto story = ConfigStory().config("build.rustc = 'file'");
  CHECK(string_at(story.load(), "build.rustc") == "file");
  story.variable("CARGO_BUILD_RUSTC", "variable");
  CHECK(string_at(story.load(), "build.rustc") == "variable");
  story.argument("build.rustc = 'first'").argument("build.rustc = 'last'");
  CHECK(string_at(story.load(), "build.rustc") == "last");
}

TEST_CASE("lists are joined, the lowest priority first") {
  auto story = ConfigStory()
                   .file("/work/.cargo/config.toml", "build.rustflags = ['outer']")
                   .config("build.rustflags = ['inner']")
                   .variable("CARGO_BUILD_RUSTFLAGS", " from  variable ")
                   .argument("build.rustflags = ['cli']");
  CHECK(list_at(story.load(), "build.rustflags") == Strings{"outer", "inner", "from", "variable", "cli"});
}

TEST_CASE("before 1.74 lists were joined as they were met, the innermost file first") {
  auto story = ConfigStory()
                   .file("/.cargo/config.toml", "build.rustflags = ['outermost', 'of two']")
                   .file("/work/.cargo/config.toml", "build.rustflags = ['outer']")
                   .config("build.rustflags = ['inner', 'of two']")
                   .variable("CARGO_BUILD_RUSTFLAGS", "variable")
                   .argument("build.rustflags = ['cli']");
  Config config = story.load();
  config.join_lists_outwards();
  CHECK(list_at(config, "build.rustflags") ==
        Strings{"inner", "of two", "outer", "outermost", "of two", "cli", "variable"});
}

TEST_CASE("a string is a list of its words") {
  CHECK(list_at(ConfigStory().config("build.rustflags = ' -C  opt-level=3\\t-g '").load(), "build.rustflags") ==
        Strings{"-C", "opt-level=3\\t-g"});
  CHECK(list_at(ConfigStory().variable("CARGO_BUILD_RUSTFLAGS", "").load(), "build.rustflags").empty());
  CHECK(list_at(ConfigStory().load(), "build.rustflags") == Strings{"(none)"});
}

TEST_CASE("lists that name a program are replaced, not joined") {
  const std::string key = "target.x.runner";
  auto story = ConfigStory().file("/work/.cargo/config.toml", key + " = ['outer']").config(key + " = ['inner']");
  CHECK(list_at(story.load(), key) == Strings{"inner"});
  story.variable("CARGO_TARGET_X_RUNNER", "variable arg");
  CHECK(list_at(story.load(), key) == Strings{"variable", "arg"});
  story.argument(key + " = ['cli']");
  CHECK(list_at(story.load(), key) == Strings{"cli"});
  story.argument(key + " = ['later']");
  CHECK(list_at(story.load(), key) == Strings{"later"});
}

TEST_CASE("tables are merged key by key") {
  auto story = ConfigStory()
                   .file("/work/.cargo/config.toml", "[a.deep]\nouter = 1\nboth = 1")
                   .config("[a.deep]\ninner = 2\nboth = 2");
  const Config config = story.load();
  const auto keys = config.keys("a.deep");
  REQUIRE(keys);
  CHECK(*keys == Strings{"both", "inner", "outer"});
  const auto both = config.get_integer("a.deep.both");
  REQUIRE(both);
  CHECK((*both)->value == 2);
}

TEST_CASE("scalars may change their type from file to file, containers may not") {
  auto story = ConfigStory().file("/work/.cargo/config.toml", "a.x = 1\na.t.x = 1").config("a.x = 'one'");
  CHECK(string_at(story.load(), "a.x") == "one");

  CHECK(story.config("a.t = 1").refusal() ==
        "could not load Cargo configuration\n"
        "<- failed to merge configuration at `/work/.cargo/config.toml`\n"
        "<- failed to merge key `a` between /work/app/.cargo/config.toml and /work/.cargo/config.toml\n"
        "<- failed to merge key `t` between /work/app/.cargo/config.toml and /work/.cargo/config.toml\n"
        "<- failed to merge config value from `/work/.cargo/config.toml` into `/work/app/.cargo/config.toml`: expected "
        "integer, but found table");
}

TEST_CASE("relative paths start where their value was set") {
  auto story = ConfigStory()
                   .file("/work/.cargo/config.toml", "a.x = 'out/dir'\na.abs = '/abs'\na.name = 'prog'\na.up = '../y'")
                   .file("/elsewhere/conf/extra.toml", "b.x = 'sub'")
                   .argument("/elsewhere/conf/extra.toml")
                   .argument("c.x = 'sub'")
                   .variable("CARGO_D_X", "sub");
  const Config config = story.load();
  const auto path = [&](const char* key) { return config.get_path(key).value().value(); };
  const auto program = [&](const char* key) { return config.get_program_path(key).value().value(); };

  CHECK(path("a.x") == "/work/out/dir");
  CHECK(path("a.abs") == "/abs");
  CHECK(path("a.up") == "/work/../y");
  CHECK(path("b.x") == "/elsewhere/sub");
  CHECK(path("c.x") == "/work/app/sub");
  CHECK(path("d.x") == "/work/app/sub");
  CHECK(program("a.x") == "/work/out/dir");
  CHECK(program("a.name") == "prog");
}

TEST_CASE("variables are read as the type that is asked for") {
  auto story =
      ConfigStory().variable("CARGO_A_BOOL", "true").variable("CARGO_A_NUMBER", "+12").variable("CARGO_A_TEXT", "12");
  const Config config = story.load();
  CHECK(config.get_bool("a.bool").value()->value);
  CHECK(config.get_integer("a.number").value()->value == 12);
  CHECK(config.get_integer("a.number").value()->definition.describe() == "environment variable `CARGO_A_NUMBER`");
  CHECK(string_at(config, "a.text") == "12");
}

TEST_CASE("a variable has the type of its text where the type is open") {
  auto story = ConfigStory()
                   .config("a.list = ['x']\na.text = 'file'")
                   .variable("CARGO_A_BOOL", "false")
                   .variable("CARGO_A_NUMBER", "-3")
                   .variable("CARGO_A_TEXT", "word")
                   .variable("CARGO_A_LIST", "y z");
  const Config config = story.load();
  const auto value = [&](const char* key) { return config.find_with_environment(key).value().value(); };
  CHECK(value("a.bool").description() == "boolean");
  CHECK(value("a.number").integer == -3);
  CHECK(value("a.text").string == "word");
  REQUIRE(value("a.list").list.size() == 3);
  CHECK(value("a.list").list[2].string == "z");
  CHECK_FALSE(config.find_with_environment("a.none").value());
}

TEST_CASE("wrong types are refused in cargo's words") {
  const std::string place = "error in /work/app/.cargo/config.toml: ";
  const Config config = ConfigStory()
                            .config("a.text = 'x'\na.number = 1\na.list = [1]\nbuild = 3")
                            .variable("CARGO_E_BOOL", "yes")
                            .variable("CARGO_E_NUMBER", "")
                            .variable("CARGO_E_BIG", "99999999999999999999")
                            .load();
  CHECK(ConfigStory::text_of(config.get_bool("a.text")) == place + "`a.text` expected true/false, but found a string");
  CHECK(ConfigStory::text_of(config.get_integer("a.text")) ==
        place + "`a.text` expected an integer, but found a string");
  CHECK(ConfigStory::text_of(config.get_string("a.number")) == place + "could not load config key `a.number`\n<- " +
                                                                   place +
                                                                   "`a.number` expected a string, but found a integer");
  CHECK(ConfigStory::text_of(config.get_string_list("a.list")) ==
        place + "`a.list` expected string, but found a integer");
  CHECK(ConfigStory::text_of(config.get_string_list("a.number")) ==
        "invalid configuration for key `a.number`\nexpected a string or array of strings, but found a integer for "
        "`a.number` in /work/app/.cargo/config.toml");
  CHECK(ConfigStory::text_of(config.get_bool("e.bool")) ==
        "error in environment variable `CARGO_E_BOOL`: provided string was not `true` or `false`");
  CHECK(ConfigStory::text_of(config.get_integer("e.number")) ==
        "error in environment variable `CARGO_E_NUMBER`: cannot parse integer from empty string");
  CHECK(ConfigStory::text_of(config.get_integer("e.big")) ==
        "error in environment variable `CARGO_E_BIG`: number too large to fit in target type");
  CHECK(ConfigStory::text_of(config.get_string("a.text.below")) ==
        "expected table for configuration key `a.text`, but found string in /work/app/.cargo/config.toml");
  CHECK(ConfigStory::text_of(config.get_string("build.rustc")) ==
        "invalid configuration for key `build`\nexpected a table, but found a integer for `build` in "
        "/work/app/.cargo/config.toml");
  CHECK(ConfigStory::text_of(config.keys("a.text")) ==
        "invalid configuration for key `a.text`\nexpected a table, but found a string for `a.text` in "
        "/work/app/.cargo/config.toml");
}

TEST_CASE("a wrong type in a file is an error even where a variable wins") {
  const Config config = ConfigStory().config("a.x = 1").variable("CARGO_A_X", "fine").load();
  CHECK_FALSE(config.get_string("a.x"));
}

TEST_CASE("a program is a string of words or a list") {
  const Config config =
      ConfigStory()
          .config("target.a.runner = 'bin/run -x'\ntarget.b.runner = ['run it', 'y']\ntarget.c.runner = []")
          .load();
  const auto words = config.get_program("target.a.runner").value().value();
  CHECK(config.resolve_program(words.program) == "/work/app/bin/run");
  CHECK(words.arguments == Strings{"-x"});
  CHECK(config.get_program("target.b.runner").value()->program.value == "run it");
  CHECK(ConfigStory::text_of(config.get_program("target.c.runner")) ==
        "error in /work/app/.cargo/config.toml: could not load config key `target.c.runner`\n<- invalid length 0, "
        "expected at least one element");
}

TEST_CASE("a table that exists only in variables is seen by its prefix") {
  const Config config = ConfigStory().variable("CARGO_PROFILE_FAST_LTO", "true").load();
  CHECK(config.has_key_or_prefix("profile.fast"));
  CHECK_FALSE(config.has_key_or_prefix("profile.fas"));
  CHECK_FALSE(config.has_key_or_prefix("profile.slow"));
}

}  // namespace
}  // namespace pcargo::cargo
