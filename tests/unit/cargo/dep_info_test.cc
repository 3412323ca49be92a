// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/dep_info.h"

#include <catch2/catch.hpp>

#include <string>

using pcargo::cargo::DepInfo;
using pcargo::cargo::parse_dep_info;

namespace {

DepInfo parse(const std::string& text) {
  const auto result = parse_dep_info(text);
  REQUIRE(result);
  return *result;
}

std::string error_of(const std::string& text) {
  const auto result = parse_dep_info(text);
  return result ? "no error" : result.error().message;
}

}  // namespace

TEST_CASE("the first rule names the sources, the others repeat them") {
  const DepInfo info =
      parse("/t/libx.rmeta: src/lib.rs src/a.rs src/lib.rs\n\n/t/x.d: src/other.rs\n\nsrc/lib.rs:\nsrc/a.rs:\n");
  CHECK(info.files == std::vector<std::string>{"src/lib.rs", "src/a.rs"});
  CHECK(info.env.empty());
}

TEST_CASE("blanks in paths are escaped") {
  CHECK(parse("x: a\\ b.rs c\\ d\\ e.rs\r\n").files == std::vector<std::string>{"a b.rs", "c d e.rs"});
  CHECK(error_of("x: a\\") == "malformed dep-info format, trailing \\");
}

TEST_CASE("variables come with their value, or without one if they were not set") {
  const DepInfo info =
      parse("x: a.rs\n# env-dep:HOME=/h=1\n# env-dep:UNSET\n# env-dep:EMPTY=\n# env-dep:L=a\\nb\\\\c\\r\n");
  const decltype(info.env) expected = {{"HOME", "/h=1"}, {"UNSET", std::nullopt}, {"EMPTY", ""}, {"L", "a\nb\\c\r"}};
  CHECK(info.env == expected);
  CHECK(error_of("# env-dep:A=\\x") == "unknown escape in `\\x`");
  CHECK(error_of("# env-dep:A=\\") == "unterminated escape character");
}

TEST_CASE("a file without a rule has no sources") {
  CHECK(parse("") == DepInfo());
  CHECK(parse("nothing here\nx:\n") == DepInfo());
  CHECK(error_of("x: \xff") == "dep-info is not UTF-8");
}
