// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/line_splitter.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using pcargo::platform::LineSplitter;

namespace {

/// What came out: lines, cut ones with a "…" behind.
struct Lines {
  std::vector<std::string> lines;
  LineSplitter splitter;

  explicit Lines(std::size_t limit = LineSplitter::kDefaultLimit)
      : splitter([this](std::string_view line,
                        bool truncated) { lines.push_back(std::string(line) + (truncated ? "…" : "")); },
                 limit) {}
};

using Expected = std::vector<std::string>;

}  // namespace

TEST_CASE("lines are cut at newlines, however the bytes arrive") {
  const std::string text = "one\n\ntwo\r\nthree";
  for (std::size_t chunk = 1; chunk <= text.size(); ++chunk) {
    Lines got;
    for (std::size_t at = 0; at < text.size(); at += chunk) {
      got.splitter.feed(std::string_view(text).substr(at, chunk));
    }
    CHECK(got.lines == Expected{"one", "", "two\r"});
    got.splitter.finish();
    CHECK(got.lines == Expected{"one", "", "two\r", "three"});
  }
}

TEST_CASE("finishing after a newline gives no empty line") {
  Lines got;
  got.splitter.feed("one\n");
  got.splitter.finish();
  got.splitter.finish();
  CHECK(got.lines == Expected{"one"});
}

TEST_CASE("a line that is too long is cut, and the next one is whole again") {
  const std::string text = "12345\n1234567890\n12\n123456\n";
  for (std::size_t chunk = 1; chunk <= text.size(); ++chunk) {
    Lines got(5);
    for (std::size_t at = 0; at < text.size(); at += chunk) {
      got.splitter.feed(std::string_view(text).substr(at, chunk));
    }
    got.splitter.finish();
    CHECK(got.lines == Expected{"12345", "12345…", "12", "12345…"});
  }
}

TEST_CASE("a cut line without an end is delivered once") {
  Lines got(3);
  got.splitter.feed("abcd");
  got.splitter.feed("efgh");
  got.splitter.finish();
  CHECK(got.lines == Expected{"abc…"});
}

TEST_CASE("NUL and other bytes pass unchanged") {
  Lines got;
  got.splitter.feed(std::string_view("a\0b\xff\n", 5));
  CHECK(got.lines == Expected{std::string("a\0b\xff", 4)});
}
