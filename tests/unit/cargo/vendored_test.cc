// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/vendored.h"

#include <catch2/catch.hpp>

using namespace pcargo;
using cargo::read_vendored_checksums;

TEST_CASE("a vendored package's files come with their checksums") {
  const auto files =
      read_vendored_checksums(R"({"files":{"src/lib.rs":"ab","Cargo.toml":"cd"},"package":null,"more":1})");
  REQUIRE(files);
  CHECK(*files == std::map<std::string, std::string>{{"src/lib.rs", "ab"}, {"Cargo.toml", "cd"}});
}

TEST_CASE("a list of checksums that says something else is refused at its place") {
  CHECK(read_vendored_checksums(R"({"files":{"a":1}})").error().message.find("files") != std::string::npos);
  CHECK_FALSE(read_vendored_checksums(R"({"package":"x"})"));
  CHECK_FALSE(read_vendored_checksums(R"([])"));
  CHECK_FALSE(read_vendored_checksums(""));
}
