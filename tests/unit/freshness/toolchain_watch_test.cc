// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/toolchain_watch.h"

#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>

using namespace pcargo;
using namespace pcargo::freshness;
using pcargo::support::TemporaryDirectory;

namespace {

plan::Settings settings_in(const TemporaryDirectory& directory, const std::string& rustc) {
  directory.write("sysroot/bin/rustc", "the compiler");
  directory.write("tools/rustc", "its proxy");
  std::filesystem::permissions(directory / "tools/rustc", std::filesystem::perms::owner_all);
  plan::Settings settings;
  settings.current_directory = directory.path();
  settings.toolchain.rustc = rustc;
  settings.toolchain.sysroot = directory / "sysroot";
  settings.environment.set("PATH", directory / "nowhere" + ":tools");
  return settings;
}

}  // namespace

TEST_CASE("a compiler that was replaced is named, behind a proxy or not, however it is called") {
  const std::string rustc = GENERATE("rustc", "tools/rustc");
  const std::string replaced = GENERATE("tools/rustc", "sysroot/bin/rustc");
  const TemporaryDirectory directory;
  const ToolchainWatch watch(settings_in(directory, rustc));
  CHECK(watch.changed() == std::nullopt);
  SECTION("other contents") {
    directory.write(replaced, "another one");
    CHECK(watch.changed() == directory / replaced);
  }
  SECTION("gone: whoever cannot start it says so") {
    std::filesystem::remove(directory / replaced);
    CHECK(watch.changed() == std::nullopt);
  }
}

TEST_CASE("another link to the compiler, or another mode, is no other compiler") {
  const TemporaryDirectory directory;
  const ToolchainWatch watch(settings_in(directory, "rustc"));
  std::filesystem::create_hard_link(directory / "sysroot/bin/rustc", directory / "link");
  std::filesystem::permissions(directory / "sysroot/bin/rustc", std::filesystem::perms::owner_all);
  CHECK(watch.changed() == std::nullopt);
}
