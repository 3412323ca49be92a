// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/text.h"

#include "captured.h"

#include <catch2/catch.hpp>

using namespace pcargo::report;
using namespace std::chrono_literals;

TEST_CASE("colours go, text and line breaks stay") {
  CHECK(strip_ansi("\x1b[1m\x1b[33mwarning\x1b[0m: x\n\ty") == "warning: x\n\ty");
  CHECK(strip_ansi("plain \xC3\xA4\xF0\x9F\x98\x80") == "plain \xC3\xA4\xF0\x9F\x98\x80");
  CHECK(strip_ansi("\x1b[1m\xC3\xA4\x1b[0m\xE2\x80\xA6") == "\xC3\xA4\xE2\x80\xA6");
}

TEST_CASE("whatever a terminal would obey goes too") {
  CHECK(strip_ansi("a\x1b]0;title\x07"
                   "b") == "ab");
  CHECK(strip_ansi("a\x1b]8;;http://x\x1b\\b\x1b]8;;\x1b\\c") == "abc");
  CHECK(strip_ansi("a\x1bP1;2qdata\x1b\\b") == "ab");
  CHECK(strip_ansi("a\x1bP;<\xC2\x9C"
                   "b") == "ab");  // malformed: ends at the terminator's one-byte form
  CHECK(strip_ansi("a\x1b(Bb\x1b=c\x1b[?25ld") == "abcd");
  CHECK(strip_ansi("bell\x07 back\x08 del\x7f nul" + std::string(1, '\0')) == "bell back del nul");
  CHECK(strip_ansi("cut off \x1b[3") == "cut off ");
  CHECK(strip_ansi("cut off \x1b]0;for ever") == "cut off ");
  CHECK(strip_ansi("cancelled \x1b[3\x18m") == "cancelled m");
  CHECK(strip_ansi("cancelled \x1b[3\x1am") == "cancelled m");
}

TEST_CASE("a line break inside a sequence is shown, and so is what follows it, as anstream does") {
  CHECK(strip_ansi("a\x1b[1\n2mb") == "a\n2mb");
  CHECK(strip_ansi("\x1b\t\xC3\xA9\x7f\xC3\xA9") == "\t\xC3\xA9\xC3\xA9");
}

TEST_CASE("invalid UTF-8 is replaced as Rust replaces it") {
  const std::string r = "\xEF\xBF\xBD";
  CHECK(to_valid_utf8("ok \xC3\xA4") == "ok \xC3\xA4");
  CHECK(to_valid_utf8("\xFFx") == r + "x");
  CHECK(to_valid_utf8("\xE2\x82x") == r + "x");       // cut-off sequence: one
  CHECK(to_valid_utf8("\xC0\x80") == r + r);          // overlong: each byte
  CHECK(to_valid_utf8("\xED\xA0\x80") == r + r + r);  // surrogate
  CHECK(to_valid_utf8("\xF5\x80") == r + r);
  CHECK(to_valid_utf8("\xF0\x9F\x98") == r);
}

TEST_CASE("causes are indented but for empty lines") {
  CHECK(indented_lines("one\n\ntwo\r\n") == "  one\n\n  two\n");
  CHECK(indented_lines("") == "");
}

TEST_CASE("elapsed time is cut, not rounded") {
  CHECK(format_elapsed(559ms) == "0.55s");
  CHECK(format_elapsed(0ms) == "0.00s");
  CHECK(format_elapsed(59'999ms) == "59.99s");
  CHECK(format_elapsed(65'999ms) == "1m 05s");
  CHECK(format_elapsed(3'600'000ms) == "60m 00s");
}

TEST_CASE("JSON strings are escaped as serde_json does") {
  std::string json;
  append_json_string(&json, "q\" b\\ n\n t\t \x01\x1f\x7f / \xC3\xA4 \xFF");
  CHECK(json == "\"q\\\" b\\\\ n\\n t\\t \\u0001\\u001f\x7f / \xC3\xA4 \xEF\xBF\xBD\"");
}

TEST_CASE("depth counts brackets outside strings") {
  CHECK(json_depth("{\"a\":[{}],\"[[[[\":\"\\\"[[\"}") == 3);
  CHECK(json_depth("12") == 0);
  CHECK(json_depth(std::string(1000, '[')) == 1000);
}

TEST_CASE("widths of code points") {
  CHECK(display_width(U'a') == 1);
  CHECK(display_width(0x0301) == 0);
  CHECK(display_width(U'漢') == 2);
  CHECK(display_width(0x1F600) == 2);
  CHECK(display_width(0x07) == 0);
  std::string_view text = "\xE6\xBC\xA2x";
  CHECK(take_code_point(&text) == U'漢');
  CHECK(take_code_point(&text) == U'x');
  CHECK(text.empty());
}

TEST_CASE("lines of words are as wide as there is room, unless one word is wider") {
  CHECK(wrapped("one two three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(wrapped("one two three", 6) == std::vector<std::string>{"one", "two", "three"});
  CHECK(wrapped("a-long-word b", 4) == std::vector<std::string>{"a-long-word", "b"});
  CHECK(wrapped("\xe6\xbc\xa2 \xe6\xbc\xa2", 4) == std::vector<std::string>{"\xe6\xbc\xa2", "\xe6\xbc\xa2"});
  CHECK(wrapped("", 4).empty());
}

TEST_CASE("a tame text is one line that fits and does nothing") {
  CHECK(tame("plain", 5) == "plain");
  CHECK(tame("plain text", 5) == "plai…");
  CHECK(tame("a\x1b[31mb\r\n\tc", 80) == "a?[31mb???c");
  CHECK(tame("a\xe2\x80\xae"
             "b\xe2\x81\xa6",
             80) == "a?b?");  // U+202E, U+2066
  CHECK(tame("\xff", 80) == "\xef\xbf\xbd");
  CHECK(tame("\xe6\xbc\xa2\xe5\xad\x97", 3) == "\xe6\xbc\xa2…");  // two columns each
  CHECK(tame("", 1).empty());
}
