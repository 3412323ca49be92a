// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/advice.h"

#include "report/timings.h"
#include "some_build.h"

#include <catch2/catch.hpp>

#include <algorithm>

namespace pcargo::report {
namespace {

using test::built_on;
using test::library;
using test::member;
using test::program;
using Kind = Advice::Kind;

constexpr record::Microseconds kSecond = 1'000'000;

/// Fails if there is none.
Advice of(const record::Timeline& timeline, Kind kind) {
  for (const Advice& one : analyse(timeline).advice) {
    if (one.kind == kind) {
      return one;
    }
  }
  FAIL("no advice of the kind " << word_of(kind));
  return {};
}

bool says(const record::Timeline& timeline, Kind kind) {
  const auto advice = analyse(timeline).advice;
  return std::any_of(advice.begin(), advice.end(), [&](const Advice& one) { return one.kind == kind; });
}

record::Timeline with_script() {
  const record::UnitName script{"zlib", "1.0.0", "build-script-build", "custom-build", "build", "", false};
  auto run = script;
  run.mode = "run-custom-build";
  return built_on(2,
                  {{script, {}, 3, graph::Phases::kLinking},
                   {run, {0}, 20, graph::Phases::kWhole},
                   {library("zlib"), {1}, 2},
                   program("app", {2}, 4)});
}

TEST_CASE("a build script counts with its compilation") {
  const auto advice = of(with_script(), Kind::kBuildScript);
  CHECK(advice.won == 23 * kSecond);
  CHECK(advice.text == "without the build script of `zlib`: compiled in 3.00 s, runs for 20.0 s");
  CHECK(advice.units == std::vector{UnitId{0}, UnitId{1}});
}

TEST_CASE("a dependency takes with it what only it needs") {
  const auto timeline = built_on(1,
                                 {{library("shared")},
                                  {library("below")},
                                  {library("heavy"), {0, 1}, 6},
                                  {library("light"), {0}, 2},
                                  program("app", {2, 3}, 4)});
  const auto advice = of(timeline, Kind::kDependency);
  CHECK(advice.won == 8 * kSecond);
  CHECK(advice.text == "without `heavy` and `below`, which only it needs");
  CHECK(advice.units == std::vector{UnitId{1}, UnitId{2}});
}

TEST_CASE("of several versions all but the longest could be spared") {
  const auto timeline = built_on(1,
                                 {{library("w", "0.9.0"), {}, 2},
                                  {library("w", "0.10.0"), {}, 6},
                                  {library("w", "0.11.0"), {}, 4},
                                  program("app", {0, 1, 2}, 4)});
  const auto advice = of(timeline, Kind::kVersions);
  CHECK(advice.won == 6 * kSecond);
  CHECK(advice.text == "with `w` in one version instead of 3: `0.9.0`, `0.10.0`, `0.11.0`");
  CHECK(advice.units == std::vector{UnitId{0}, UnitId{2}});
  CHECK_FALSE(says(timeline, Kind::kBuiltTwice));
}

TEST_CASE("what is built for host and target is one thing, what differs in features another") {
  auto for_target = library("syn");
  for_target.platform = "wasm32-unknown-unknown";
  const auto crossed = built_on(1, {{library("syn"), {}, 4}, {for_target, {}, 4}, program("app", {0, 1}, 2)});
  CHECK(of(crossed, Kind::kBuiltTwice).won == 4 * kSecond);
  CHECK(of(crossed, Kind::kBuiltTwice).text == "with `syn` compiled once instead of for the host and for the target");
  const auto flags = built_on(1, {{library("syn"), {}, 4}, {library("syn"), {}, 4}, program("app", {0, 1}, 2)});
  CHECK(of(flags, Kind::kBuiltTwice).text ==
        "with `syn` compiled once instead of more than once, with other features or flags");
  CHECK_FALSE(says(crossed, Kind::kVersions));
}

TEST_CASE("a library of the workspace that others wait for is worth splitting where cores are free") {
  const std::vector<test::SomeUnit> units{{member("y"), {}, 8}, {member("z"), {0}, 2}, program("app", {0, 1}, 2)};
  const auto advice = of(built_on(3, units), Kind::kSplit);
  // The program starts when all of y is there, after 8 seconds; with the halves beside each other after 4.
  CHECK(advice.won == 4 * kSecond);
  CHECK(advice.text == "with `y` split in two crates, at most: `z` waits for it");
  CHECK_FALSE(says(built_on(1, units), Kind::kSplit));                                            // the work stays
  CHECK_FALSE(says(built_on(2, {{library("y"), {}, 8}, program("app", {0}, 2)}), Kind::kSplit));  // whose is it?
}

TEST_CASE("of a program with LTO that is what could be less") {
  auto timeline = built_on(2, {{library("a"), {}, 2}, program("app", {0}, 300)});
  timeline.names[UnitId{1}].lto = "fat";
  CHECK(
      of(timeline, Kind::kLastUnit).text ==
      "with less code in `app 0.1.0 (bin app)` or without its LTO (fat), at most: it takes 300 s of the 302 s, at the "
      "end, where no order and no core helps");
}

TEST_CASE("the program at the end, if it is much of the build") {
  const auto timeline = built_on(2, {{library("a"), {}, 2}, program("app", {0}, 30)});
  const auto advice = of(timeline, Kind::kLastUnit);
  CHECK(advice.won == 30 * kSecond);
  CHECK(advice.text ==
        "with less code in `app 0.1.0 (bin app)` or less optimisation, at most: it takes 30.0 s of the 32.0 s, at the "
        "end, where no order and no core helps");
  CHECK_FALSE(says(built_on(2, {{library("a"), {}, 30}, program("app", {0}, 2)}), Kind::kLastUnit));
}

TEST_CASE("more cores help as long as there is something to do for them") {
  const std::vector<test::SomeUnit> wide{
      {library("a")}, {library("b")}, {library("c")}, {library("d")}, {library("e")}, {library("f")}};
  const auto full = of(built_on(1, wide), Kind::kCores);
  CHECK(full.won == 6 * kSecond);
  CHECK(full.text ==
        "with 2 cores in place of 1, which has work 100 % of the time: only less work or more cores help; "
        "6 win 10.0 s; more win nothing");
  CHECK_FALSE(says(built_on(1, wide), Kind::kEnoughCores));
  const auto enough = of(built_on(16, wide), Kind::kEnoughCores);
  CHECK(enough.won == 0);
  CHECK(enough.text == "more than 6 cores win nothing: 2.00 s on 6, 2.00 s on 32");
}

TEST_CASE("where fewer jobs ran than there are cores, more jobs are the advice") {
  auto timeline = built_on(4, {{library("a")}, {library("b")}});
  timeline.head.jobs = 1;
  CHECK(of(timeline, Kind::kJobs).won == 2 * kSecond);
  CHECK(of(timeline, Kind::kJobs).text == "with -j4: there are 4 cores, and no more than 1 were used");
  CHECK_FALSE(says(timeline, Kind::kCores));
}

TEST_CASE("a machine that does other things too") {
  auto timeline = built_on(1, {{library("a"), {}, 10}});
  timeline.units[UnitId{0}].cpu_us = 4 * kSecond;
  CHECK(of(timeline, Kind::kMachine).won == 6 * kSecond);
  CHECK(analyse(timeline).rehearsed == 10 * kSecond);  // all else is by the clock
  timeline.units[UnitId{0}].cpu_us = 9 * kSecond;
  CHECK_FALSE(says(timeline, Kind::kMachine));
}

TEST_CASE("another build in the directory, and memory that is short") {
  auto timeline = built_on(2, {{library("a"), {}, 4}, {library("b"), {}, 4}});
  CHECK_FALSE(says(timeline, Kind::kLock));
  CHECK_FALSE(says(timeline, Kind::kMemory));
  timeline.head.planned = timeline.head.locked = 3 * kSecond;
  timeline.head.memory_limit = std::int64_t{3} << 29;
  for (auto& unit : timeline.units) {
    *unit.start += 3 * kSecond;
    *unit.metadata += 3 * kSecond;
    *unit.finish += 3 * kSecond;
    unit.peak_kib = 1 << 20;
  }
  timeline.end += 3 * kSecond;
  CHECK_FALSE(says(timeline, Kind::kMemory));  // nobody waited for it
  timeline.units[UnitId{1}].was_held = true;
  CHECK(of(timeline, Kind::kLock).won == 3 * kSecond);
  CHECK(of(timeline, Kind::kMemory).won == 4 * kSecond);
  CHECK(of(timeline, Kind::kMemory).text == "with more memory than 1.5 GiB: units waited for it");
}

TEST_CASE("the most first, no more than a few, and nothing below a hundredth") {
  std::vector<test::SomeUnit> units;
  std::vector<std::uint32_t> all;
  for (std::uint32_t i = 0; i < 30; ++i) {
    units.push_back(
        {library("crate" + std::to_string(i / 2), std::to_string(i % 2) + ".0.0"), {}, 10 + static_cast<int>(i)});
    all.push_back(i);
  }
  units.push_back({library("small"), {}, 2});
  all.push_back(30);
  units.push_back(program("app", all, 100));
  const auto timeline = built_on(1, units);
  const auto timings = analyse(timeline);
  CHECK(timings.advice.size() == 7);
  for (std::size_t i = 1; i < timings.advice.size(); ++i) {
    CHECK(timings.advice[i - 1].won >= timings.advice[i].won);
  }
  for (const Advice& one : timings.advice) {
    INFO(one.text);
    CHECK(one.won * 100 >= timings.rehearsed);
    CHECK(one.text.find("small") == std::string::npos);
  }
}

TEST_CASE("a package is all its units, a crate all its compilations") {
  const auto timings = analyse(with_script());
  REQUIRE(timings.packages.size() == 2);
  CHECK(timings.packages[0].group.package == "zlib");
  CHECK(timings.packages[0].won == 25 * kSecond);
  CHECK(timings.packages[0].group.units.size() == 3);
  CHECK(timings.packages[1].won == 4 * kSecond);
  CHECK(timings.crates.size() == 3);  // the run is no crate
  const auto twice =
      analyse(built_on(1, {{library("syn"), {}, 4}, {library("syn"), {}, 4}, program("app", {0, 1}, 2)}));
  CHECK(twice.crates[0].won == 8 * kSecond);
}

TEST_CASE("slack is told on any number of cores, phase by phase") {
  const auto timings = analyse(built_on(1, {{library("a"), {}, 8}, {library("b"), {}, 2}, program("app", {0, 1}, 2)}));
  CHECK(timings.slack[UnitId{0}].frontend == 0);
  CHECK(timings.slack[UnitId{1}].frontend == 6 * kSecond);
  CHECK(timings.slack[UnitId{1}].codegen == 6 * kSecond);
  CHECK(timings.unlimited_gains[UnitId{0}] == 6 * kSecond);
  CHECK(timings.unlimited_gains[UnitId{1}] == 0);
  CHECK(timings.unlimited == 10 * kSecond);
}

TEST_CASE("nothing is to be said of nothing") {
  CHECK(analyse(built_on(2, {})).advice.empty());
  auto killed = built_on(2, {{library("a")}});
  killed.units[UnitId{0}] = {};  // before anything ran
  killed.head.planned = killed.end;
  CHECK(analyse(killed).advice.empty());
}

TEST_CASE("whatever a name says, advice is one tame line") {
  auto timeline = with_script();
  for (auto& name : timeline.names) {
    name.package = "a`b\n\x1b[31mc";
  }
  for (const Advice& one : analyse(timeline).advice) {
    INFO(one.text);
    CHECK(one.text.find_first_of("\n\x1b") == std::string::npos);
  }
  CHECK(of(timeline, Kind::kBuildScript).text.find("`a'b??[31mc`") != std::string::npos);
}

}  // namespace
}  // namespace pcargo::report
