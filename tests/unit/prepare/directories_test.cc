// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/directories.h"

#include "support/config_story.h"

#include <catch2/catch.hpp>

#include <string>

namespace pcargo::prepare {
namespace {

using test::ConfigStory;

using Ask = Result<std::string> (*)(const DirectoryQuestion&);

std::string answer(Ask ask, const ConfigStory& story, std::optional<std::string> target_dir = std::nullopt) {
  const cargo::Config config = story.load();
  const auto directory = ask({config, std::move(target_dir), "/work"});
  INFO(ConfigStory::text_of(directory));
  REQUIRE(directory);
  return *directory;
}

std::string refusal(Ask ask, const ConfigStory& story) {
  const cargo::Config config = story.load();
  return ConfigStory::text_of(ask({config, std::nullopt, "/work"}));
}

TEST_CASE("the target directory: argument, variable, config, or in the workspace") {
  auto story = ConfigStory();
  CHECK(answer(target_directory, story) == "/work/target");
  story.file("/work/.cargo/config.toml", "build.target-dir = 'out'");
  CHECK(answer(target_directory, story) == "/work/out");
  story.variable("CARGO_BUILD_TARGET_DIR", "built");
  CHECK(answer(target_directory, story) == "/work/app/built");
  story.variable("CARGO_TARGET_DIR", "var");
  CHECK(answer(target_directory, story) == "/work/app/var");
  CHECK(answer(target_directory, story, "arg") == "/work/app/arg");
  CHECK(answer(target_directory, story, "/abs") == "/abs");
}

TEST_CASE("an empty target directory is refused") {
  CHECK(refusal(target_directory, ConfigStory().variable("CARGO_TARGET_DIR", "")) ==
        "the target directory is set to an empty string in the `CARGO_TARGET_DIR` environment variable");
  CHECK(refusal(target_directory, ConfigStory().argument("build.target-dir = ''")) ==
        "the target directory is set to an empty string in --config cli option");
}

TEST_CASE("the build directory is the target directory, or what config says") {
  CHECK(answer(build_directory, ConfigStory(), "arg") == "/work/app/arg");
  CHECK(answer(build_directory, ConfigStory().config("build.build-dir = 'b'"), "arg") == "/work/app/b");
  CHECK(answer(build_directory, ConfigStory().variable("CARGO_BUILD_BUILD_DIR", "{workspace-root}/b")) == "/work/b");
  CHECK(answer(build_directory, ConfigStory().config("build.build-dir = '{cargo-cache-home}/x'")) ==
        "/home/me/.cargo/x");
}

TEST_CASE("the hash of a workspace is cargo's") {
  // What cargo 1.95 made of these paths on Linux.
  CHECK(workspace_path_hash("/tmp/wph/Cargo.toml") == "7f/c7e069bfa83c00");
  CHECK(workspace_path_hash("/tmp/a/Cargo.toml") == "71/1e01458bf1ceab");
  CHECK(workspace_path_hash("/tmp/workspaces-with-a-long-name/of/some/depth/and-more/Cargo.toml") ==
        "37/724b36a8dc2c87");
  const cargo::Config config = ConfigStory().argument("build.build-dir = '/b/{workspace-path-hash}'").load();
  const auto canonical = [](const std::string& path) { return path == "/w/Cargo.toml" ? "/tmp/wph/Cargo.toml" : path; };
  CHECK(build_directory({config, std::nullopt, "/w", canonical}).value() == "/b/7f/c7e069bfa83c00");
}

TEST_CASE("templates that mean nothing are refused") {
  const auto refused = [](const std::string& value) {
    return refusal(build_directory, ConfigStory().argument("build.build-dir = '" + value + "'"));
  };
  CHECK(refused("a/{x}") ==
        "unexpected variable `x` in build.build-dir path `a/{x}`\n\nhelp: available template variables are "
        "`{workspace-root}`, `{cargo-cache-home}`, `{workspace-path-hash}`");
  CHECK(refused("a/{x") == "unexpected opening bracket `{` in build.build-dir path `a/{x`");
  CHECK(refused("a/x}") == "unexpected closing bracket `}` in build.build-dir path `a/x}`");
  CHECK(refused("") == "the build directory is set to an empty string in --config cli option");
}

}  // namespace
}  // namespace pcargo::prepare
