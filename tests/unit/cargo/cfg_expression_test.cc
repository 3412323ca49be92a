// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/cfg_expression.h"

#include <catch2/catch.hpp>

#include <string>

namespace pcargo::cargo {
namespace {

const CfgSet kLinux = {
    {"unix", std::nullopt}, {"target_os", "linux"}, {"target_feature", "fxsr"}, {"target_feature", "sse2"}};

bool holds(const std::string& text) {
  const auto expression = CfgExpression::parse(text);
  INFO(text);
  REQUIRE(expression);
  return expression->matches(kLinux);
}

std::string refusal(const std::string& text) {
  const auto expression = CfgExpression::parse(text);
  REQUIRE_FALSE(expression);
  const std::string start = "failed to parse `" + text + "` as a cfg expression: ";
  CHECK(expression.error().message.substr(0, start.size()) == start);
  return expression.error().message.substr(start.size());
}

TEST_CASE("names and pairs hold when rustc said so") {
  CHECK(holds("unix"));
  CHECK_FALSE(holds("windows"));
  CHECK(holds("target_os = \"linux\""));
  CHECK(holds(" target_os=\"linux\" "));
  CHECK_FALSE(holds("target_os = \"macos\""));
  CHECK_FALSE(holds("target_os"));
  CHECK_FALSE(holds("unix = \"\""));
  CHECK(holds("target_feature = \"sse2\""));
}

TEST_CASE("all, any and not combine") {
  CHECK(holds("all(unix, target_os = \"linux\",)"));
  CHECK_FALSE(holds("all(unix, windows)"));
  CHECK(holds("any(windows, unix)"));
  CHECK_FALSE(holds("any(windows, not(unix))"));
  CHECK(holds("not(windows)"));
  CHECK(holds("not(all(unix, any(windows, not(target_os = \"linux\"))))"));
}

TEST_CASE("nothing at all is true of all and of no one in any") {
  CHECK(holds("all()"));
  CHECK_FALSE(holds("any()"));
}

TEST_CASE("true and false are constants, raw names are names") {
  CHECK(holds("true"));
  CHECK_FALSE(holds("false"));
  CHECK(holds("not(false)"));
  CHECK(holds("r#unix"));
  CHECK_FALSE(holds("r#all"));
}

TEST_CASE("expressions that are none are refused in cargo's words") {
  CHECK(refusal("") == "expected start of a cfg expression, but cfg expression ended");
  CHECK(refusal(" ") == "expected start of a cfg expression, but cfg expression ended");
  CHECK(refusal("all") == "expected `(`, but cfg expression ended");
  CHECK(refusal("all(unix") == "expected `)`, but cfg expression ended");
  CHECK(refusal("all(,)") == "expected identifier, found `,`");
  CHECK(refusal("not(unix, windows)") == "expected `)`, found `,`");
  CHECK(refusal("foo = bar") == "expected a string, found an identifier");
  CHECK(refusal("foo =") == "expected a string, but cfg expression ended");
  CHECK(refusal("foo = \"x") == "unterminated string in cfg");
  CHECK(refusal("unix windows") == "unexpected content `windows` found after cfg expression");
  CHECK(refusal("unix,") == "unexpected content `,` found after cfg expression");
  CHECK(refusal("r#") == "expected identifier, but cfg expression ended");
  const std::string rest = "` in cfg, expected parens, a comma, an identifier, or a string";
  CHECK(refusal("-x") == "unexpected character `-" + rest);
  CHECK(refusal("r#1") == "unexpected character `1" + rest);
  CHECK(refusal("ä") == "unexpected character `ä" + rest);
}

TEST_CASE("an expression of any depth does not overflow") {
  std::string deep;
  for (int i = 0; i < 100000; ++i) {
    deep += "not(";
  }
  CHECK(refusal(deep) == "nested too deeply");
}

TEST_CASE("keys of tables: only cfg(...) that is well formed and holds") {
  CHECK(cfg_key_matches("cfg(unix)", kLinux));
  CHECK_FALSE(cfg_key_matches("cfg(windows)", kLinux));
  CHECK_FALSE(cfg_key_matches("unix", kLinux));
  CHECK_FALSE(cfg_key_matches("cfg(", kLinux));
  CHECK_FALSE(cfg_key_matches("cfg()", kLinux));
  CHECK_FALSE(cfg_key_matches("cfg(unix", kLinux));
  CHECK_FALSE(cfg_key_matches("cfg(unix))", kLinux));
}

}  // namespace
}  // namespace pcargo::cargo
