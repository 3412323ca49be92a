// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/timings_path.h"

#include "some_build.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace pcargo::report {
namespace {

using test::built_on;
using test::library;

/// A chain of libraries on one core, each with the seconds that are given, in thirds.
record::Timeline chain(const std::vector<int>& thirds) {
  std::vector<test::SomeUnit> units;
  for (std::size_t i = 0; i < thirds.size(); ++i) {
    units.push_back({library("crate" + std::to_string(i)), {}, thirds[i]});
  }
  auto timeline = built_on(1, units);
  for (auto& unit : timeline.units) {
    for (auto* time : {&unit.start, &unit.metadata, &unit.finish}) {
      **time /= 3;
    }
  }
  timeline.end /= 3;
  return timeline;
}

struct Printed {
  double at = 0;
  double took = 0;
  std::string rest;
};

std::vector<Printed> lines_of(const std::string& text) {
  std::vector<Printed> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    Printed printed;
    if (words >> printed.at >> printed.took) {
      std::getline(words, printed.rest);
      lines.push_back(std::move(printed));
    }
  }
  return lines;
}

TEST_CASE("a long path shows its longest steps, and all that is printed adds up to the whole") {
  std::vector<int> thirds;
  for (int i = 0; i < 100; ++i) {
    thirds.push_back(i % 9 == 0 ? 40 + i : 2 + i % 7);
  }
  const auto timeline = chain(thirds);
  const auto timings = analyse(timeline);
  const auto shown = lines_of(path_as_text(timeline, timings, 80, false));
  CHECK(shown.size() <= 30);
  CHECK(shown.size() > 20);
  double at = 0;
  for (const Printed& line : shown) {
    CHECK(line.at == Approx(at).margin(1e-9));
    at += line.took;
  }
  CHECK(std::round(at * 100) == std::round(static_cast<double>(timeline.end) / 10'000));
  for (int i = 0; i < 100; i += 9) {
    const std::string name = "crate" + std::to_string(i) + " ";
    INFO(name);
    CHECK(std::any_of(
        shown.begin(), shown.end(), [&](const Printed& line) { return line.rest.find(name) != std::string::npos; }));
  }
  CHECK(shown[shown.size() - 2].rest.find("crate99") != std::string::npos);
  CHECK(std::none_of(
      shown.begin(), shown.end(), [](const Printed& line) { return line.rest.find(" 1 steps") != std::string::npos; }));
  CHECK(lines_of(path_as_text(timeline, timings, 80, true)).size() == 102);
}

TEST_CASE("what a path waited for is all of its time") {
  // a, then b on its metadata beside it; the program at the end of b.
  auto timeline = built_on(2, {{library("a"), {}, 4}, {library("b"), {0}, 6}, test::program("app", {1}, 3)});
  constexpr record::Microseconds kSecond = 1'000'000;
  timeline.head.planned = kSecond;
  const auto put = [&](std::uint32_t unit, int start, std::optional<int> metadata, int finish) {
    auto& times = timeline.units[UnitId{unit}];
    times.start = start * kSecond;
    times.metadata = metadata ? std::optional(*metadata * kSecond) : std::nullopt;
    times.finish = finish * kSecond;
  };
  put(0, 1, 3, 5);
  put(1, 3, 6, 9);
  put(2, 9, std::nullopt, 12);
  timeline.end = 13 * kSecond;
  const auto timings = analyse(timeline);
  const auto causes = path_causes(timeline, timings);
  const auto took = [&](std::string_view name) {
    return std::find_if(causes.begin(), causes.end(), [&](const PathCause& cause) { return cause.name == name; })->took;
  };
  CHECK(took("planning") == kSecond);
  CHECK(took("metadata") == 2 * kSecond);
  CHECK(took("artifact") == 6 * kSecond);
  CHECK(took("slot") == 0);
  CHECK(took("last") == 3 * kSecond);
  CHECK(took("end") == kSecond);
  CHECK(path_as_text(timeline, timings, 80, false) ==
        "The path: each step began when it had what it waited for of the one before\n"
        "      at    took  waited for\n"
        "    0.00    1.00                planning\n"
        "    1.00    2.00                a 1.0.0, frontend\n"
        "    3.00    6.00  metadata      b 1.0.0\n"
        "    9.00    3.00  all of it     app 0.1.0 (bin app)\n"
        "   12.00    1.00                the end\n"
        "In all: 1.00 s planning, 2.00 s for metadata, 6.00 s for all of a crate, 3.00 s\n"
        "for the last unit, 1.00 s behind it\n");
}

}  // namespace
}  // namespace pcargo::report
