// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/text.h"

#include <catch2/catch.hpp>

namespace text = pcargo::cargo::text;

TEST_CASE("UTF-8 is what Rust takes for it") {
  CHECK(text::is_utf8(""));
  CHECK(text::is_utf8("a\xc3\xa4\xe2\x82\xac\xf0\x9f\xa6\x80"));
  for (const char* bad : {"\xff", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\x80"}) {
    CHECK_FALSE(text::is_utf8(bad));
  }
}

TEST_CASE("trimming knows Unicode's white space") {
  CHECK(text::trim(" \t\xc2\xa0 a b \xe3\x80\x80\r") == "a b");
  CHECK(text::trim_end(" a\v\f") == " a");
  CHECK(text::trim(" \xe2\x80\x83") == "");
  CHECK(text::trim("\xc3\xa4") == "\xc3\xa4");
}

TEST_CASE("words and lines are taken off the front") {
  std::string_view words =
      "  a\xc2\xa0"
      "b  ";
  CHECK(text::take_word(&words) == "a");
  CHECK(text::take_word(&words) == "b");
  CHECK(text::take_word(&words) == "");
  std::string_view lines = "x\n\ny";
  CHECK(text::take_line(&lines) == "x");
  CHECK(text::take_line(&lines) == "");
  CHECK(text::take_line(&lines) == "y");
  CHECK(lines.empty());
}

TEST_CASE("replace_all goes from left to right and never into what it put there") {
  CHECK(text::replace_all("aaa", "a", "aa") == "aaaaaa");
  CHECK(text::replace_all("abab", "ab", "") == "");
  CHECK(text::replace_all("abc", "", "x") == "abc");
}
