// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/toml_value.h"

#include <catch2/catch.hpp>

#include <string>

using pcargo::cargo::parse_toml;
using pcargo::cargo::TomlValue;

namespace {

TomlValue parse(const std::string& text) {
  auto value = parse_toml(text);
  REQUIRE(value);
  return *value;
}

}  // namespace

TEST_CASE("values keep their kinds") {
  const TomlValue value = parse("s = 'x'\ni = -3\nf = 1.5\nb = true\nd = 2020-01-01\na = [1, 'y']\n[t]\nk.l = 1\n");
  CHECK(value.find("s")->string == "x");
  CHECK(value.find("i")->integer == -3);
  CHECK(value.find("f")->kind == TomlValue::Kind::kFloat);
  CHECK(value.find("b")->is_true());
  CHECK(value.find("d")->kind == TomlValue::Kind::kDateTime);
  CHECK(value.find("a")->array[1].string == "y");
  CHECK(value.find("t")->find("k")->find("l")->integer == 1);
  CHECK(value.find("nothing") == nullptr);
  CHECK(value.find("s")->find("below a string") == nullptr);
}

TEST_CASE("a mistake is named with line and column") {
  const auto result = parse_toml("a = 1\nb = = 2\n");
  REQUIRE_FALSE(result);
  CHECK(result.error().message.find("line 2, column ") == 0);
}

TEST_CASE("inline tables may go over lines, as in TOML 1.1") {
  CHECK(parse("d = {\n  version = \"1\",\n}\n").find("d")->find("version")->string == "1");
}

TEST_CASE("CRLF stays CRLF within a multi-line string, as cargo leaves it") {
  CHECK(parse("a = 1\r\nd = \"\"\"\r\nx\r\ny\r\n\"\"\"\r\n").find("d")->string == "x\r\ny\r\n");
  CHECK(parse("d = \"\"\"\nx\ny\n\"\"\"\n").find("d")->string == "x\ny\n");
  CHECK(parse("d = \"x\\ny\"\r\n").find("d")->string == "x\ny");
}

TEST_CASE("texts that would break the parser are refused with their place") {
  const auto error_of = [](const std::string& text) {
    const auto result = parse_toml(text);
    return result ? "no error" : result.error().message;
  };
  std::string long_key = "a";
  std::string deep = "a = ";
  for (int i = 0; i < 50000; ++i) {
    long_key += ".a";
    deep += "{a = ";
  }
  CHECK(error_of(long_key + " = 1") == "line 1, column 130: a key with too many parts");
  CHECK(error_of("[" + long_key + "]") == "line 1, column 131: a key with too many parts");
  CHECK(error_of(deep) == "line 1, column 325: nested too deeply");
  CHECK(error_of("x = 1\n\xc3\xa4 = 1") == "line 2, column 1: only ASCII is allowed outside of strings and comments");
  CHECK(error_of("[=").find("line 1, column ") == 0);
}

TEST_CASE("characters beyond ASCII are at home in strings, quoted keys and comments") {
  for (const std::string text : {"# \xc3\xa4\n",
                                 "a = '\xc3\xa4'\n",
                                 "a = \"\\\"\xc3\xa4\"\n",
                                 "a = '''\n\xc3\xa4'\xc3\xa4'''\n",
                                 "a = \"\"\"\xc3\xa4\"\"\"\"\n",
                                 "\"\xc3\xa4\" = 1\n",
                                 "\xef\xbb\xbf"
                                 "a = 1\n"}) {
    INFO(text);
    CHECK(parse_toml(text));
  }
}
