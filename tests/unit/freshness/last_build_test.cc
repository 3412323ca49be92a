// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/last_build.h"

#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <string>

using namespace pcargo;
using namespace pcargo::freshness;
using pcargo::support::TemporaryDirectory;

namespace {

LastBuild sample() {
  LastBuild build;
  build.command = "pcargo build --release";
  build.workspace_root = "/ws";
  build.ended_at = 1'700'000'000;
  build.outcome = Outcome::kFailure;
  build.units = {{"util", "0.1.0", "util", "lib", "u", "/r/u", LastBuild::State::kRan},
                 {"app", "1.0.0", "app", "bin \"app\"", "a", "/r/a", LastBuild::State::kFailed},
                 {"side", "1.0.0", "side", "lib"}};
  build.units[0].cause = {Cause::Kind::kVariableChanged, "A", std::nullopt, "1", Cause::Asked::kByDirective};
  build.units[1].cause = {Cause::Kind::kMetadataChanged, "util"};
  build.units[1].cause.source = UnitId{0};
  return build;
}

}  // namespace

TEST_CASE("notes are read as they were written, and replaced") {
  const TemporaryDirectory directory;
  CHECK(read_last_build(directory.path()) == std::nullopt);
  REQUIRE(write_last_build(directory.path(), sample()));
  CHECK(read_last_build(directory.path()) == sample());
  LastBuild other = sample();
  other.units.pop_back();
  REQUIRE(write_last_build(directory.path(), other));
  CHECK(read_last_build(directory.path()) == other);
}

TEST_CASE("damaged notes are none") {
  const std::string bytes = encode_last_build(sample());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    INFO(i);
    CHECK_FALSE(decode_last_build(bytes.substr(0, i)));
    std::string flipped = bytes;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    CHECK_FALSE(decode_last_build(flipped));
  }
  CHECK_FALSE(decode_last_build(bytes + "x"));
}

TEST_CASE("a source that is no unit is not believed") {
  LastBuild build = sample();
  build.units[1].cause.source = UnitId{3};
  CHECK_FALSE(decode_last_build(encode_last_build(build)));
}

TEST_CASE("whatever else lies under the name is no note, and keeps nobody waiting") {
  const TemporaryDirectory directory;
  SECTION("a FIFO") {
    REQUIRE(::mkfifo((directory / "last-build").c_str(), 0600) == 0);
  }
  SECTION("a directory") {
    std::filesystem::create_directory(directory / "last-build");
  }
  CHECK(read_last_build(directory.path()) == std::nullopt);
}
