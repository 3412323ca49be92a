// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/scratch_directory.h"

#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

using namespace pcargo::platform;
using pcargo::support::TemporaryDirectory;
namespace fs = std::filesystem;

namespace {

ScratchDirectory make_in(const std::string& parent) {
  auto made = ScratchDirectory::make(parent, "scratch");
  REQUIRE(made);
  return *std::move(made);
}

/// As a process leaves it that was killed: there, and held by nobody.
std::string abandon(const std::string& parent, const std::string& name) {
  const fs::path path = fs::path(parent) / name;
  fs::create_directories(path / "below");
  fs::permissions(path, fs::perms::owner_all);
  std::ofstream(path / "below" / "file") << "x";
  return path;
}

}  // namespace

TEST_CASE("a scratch directory goes with its object and all below it") {
  const TemporaryDirectory parent;
  {
    const ScratchDirectory made = make_in(parent.path());
    CHECK(fs::status(made.path()).permissions() == fs::perms::owner_all);
    std::ofstream(made.path() + "/file") << "x";
    ScratchDirectory moved = make_in(parent.path());
    moved = make_in(parent.path());
    CHECK(fs::exists(moved.path()));
    CHECK(moved.path() != made.path());
  }
  CHECK(fs::is_empty(parent.path()));
}

TEST_CASE("the next one removes what a killed process left, and nothing else") {
  const TemporaryDirectory parent;
  const std::string left = abandon(parent.path(), "scratch-abc123");
  const std::string longer = abandon(parent.path(), "scratch-abc1234");
  const std::string other = abandon(parent.path(), "another-abc123");
  const std::string open = abandon(parent.path(), "scratch-open12");
  fs::permissions(open, fs::perms::others_read, fs::perm_options::add);
  fs::create_directory_symlink(other, fs::path(parent.path()) / "scratch-link12");
  std::ofstream(fs::path(parent.path()) / "scratch-file12") << "x";

  const ScratchDirectory held = make_in(parent.path());
  const ScratchDirectory made = make_in(parent.path());
  CHECK_FALSE(fs::exists(left));
  CHECK(fs::exists(held.path()));
  for (const std::string& kept : {longer, other, open}) {
    CHECK(fs::exists(kept + "/below/file"));
  }
  CHECK(fs::exists(fs::path(parent.path()) / "scratch-link12"));
  CHECK(fs::exists(fs::path(parent.path()) / "scratch-file12"));
}

TEST_CASE("a parent that is not there is named") {
  const auto made = ScratchDirectory::make("/nowhere/at/all", "scratch");
  REQUIRE_FALSE(made);
  CHECK(made.error().message.find("/nowhere/at/all") != std::string::npos);
}
