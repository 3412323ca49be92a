// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/what_if.h"

#include "small_build.h"

#include <catch2/catch.hpp>

#include <map>
#include <string>

namespace pcargo::report {
namespace {

using record::Timeline;
using test::build_of;
using test::chain;

record::Microseconds wall(const Timeline& timeline, const std::string& words) {
  const auto said = what_if(timeline, {words}, {});
  INFO(words << (said ? "" : ": " + said.error().message));
  REQUIRE(said);
  return said->answers.back().wall;
}

std::string complaint(const Timeline& timeline, const std::string& words) {
  const auto said = what_if(timeline, {words}, {});
  INFO(words);
  REQUIRE_FALSE(said);
  CHECK(said.error().kind == ErrorKind::kUsage);
  return said.error().message;
}

TEST_CASE("what-if: cores") {
  const auto timeline = chain();
  CHECK(wall(timeline, "cores=4") == 240);
  CHECK(wall(timeline, "cores=1") == 10 + 410);
  const auto said = what_if(timeline, {"cores=1..4", "cores=2"}, {});
  REQUIRE(said);
  const auto& curve = said->answers;
  REQUIRE(curve.size() == 4);
  CHECK(curve[0].change == "cores=1..4: 1 core");
  CHECK(curve[0].wall == 420);
  CHECK(curve[2].change == "cores=1..4: 4 cores");
  CHECK(curve[3].change == "cores=2");
}

TEST_CASE("what-if: the same build is as long as it was, and others are longer in proportion") {
  auto timeline = chain();
  timeline.head.planned += 23;
  timeline.end += 23;
  for (auto& unit : timeline.units) {
    *unit.start += 23;
    *unit.metadata += 23;
    *unit.finish += 23 + 46;  // the clock, not the processor
  }
  timeline.units[UnitId{3}].objects = timeline.units[UnitId{3}].link = *timeline.units[UnitId{3}].start + 30 + 23;
  timeline.end += 46;  // 30 of planning, 276 instead of 230, and 3
  CHECK(wall(timeline, "cores=4") == 33 + 230);
  CHECK(what_if(timeline, {"cores=4"}, {})->answers.front().expected_error == Approx(46.0 / 309));
  timeline.is_whole = true;
  timeline.outcome = Outcome::kSuccess;
  CHECK(wall(timeline, "cores=4") == 309);
  CHECK(wall(timeline, "cores=1") == 33 + 410 * 12 / 10);
  CHECK(wall(timeline, "drop app") == 33);
  const auto said = what_if(timeline, {"cores=4"}, 0.2);
  CHECK(said->simulated == 33 + 230);
  CHECK(said->answers.front().expected_error == Approx(0.2));
  CHECK(what_if_as_text(timeline, *said) ==
        "     0.00 s           as it was; the simulator has 0.00 s (-15 %)\n"
        "     0.00 s (± 20 %)  cores=4, +0.00 s\n");
}

TEST_CASE("what-if: a crate takes another time") {
  const auto timeline = chain();
  // app starts with mid's metadata at 70, and links when low is whole, at 100.
  CHECK(wall(timeline, "only=0") == 10 + 130);
  CHECK(wall(timeline, "only=50%") == 10 + 130);
  CHECK(wall(timeline, "only=0.0001s") == 10 + 130);
  CHECK(wall(timeline, "only=200%") == 10 + 400 + 30);
  CHECK(wall(timeline, "only=50%,cores=1") == 10 + 310);
  CHECK(wall(timeline, "only=0, low=0") == 10 + 30 + 60);
  CHECK(wall(timeline, "cached=deps") == 10 + 60);
}

TEST_CASE("what-if: a crate is dropped, and what only it needs") {
  auto timeline = chain();
  CHECK(wall(timeline, "drop only") == 10 + 130);
  CHECK(wall(timeline, "drop mid") == 240);
  CHECK(wall(timeline, "drop mid,cores=1") == 10 + 260);
  CHECK(wall(timeline, "drop low,only=0") == 10 + 90);
  CHECK(wall(timeline, "drop app") == 10);
  CHECK(wall(timeline, "drop mid,drop only,cores=1") == 10 + 60);
  timeline.names[UnitId{0}].is_member = true;
  CHECK(wall(timeline, "drop mid,cores=1") == 10 + 360);
}

TEST_CASE("what-if: a library is split") {
  const auto timeline = chain();
  // Both parts 0-50-100; app starts with mid's metadata at 70, or, of four cores, on the one that mid leaves at 90.
  CHECK(wall(timeline, "split only 2,cores=5") == 10 + 130);
  CHECK(wall(timeline, "split only 2") == 10 + 150);
  CHECK(wall(timeline, "split only 2,cores=1") == 10 + 410);
  CHECK(wall(timeline, "split only 4,low=0,mid=0,cores=5") == 10 + 25 + 60);
  CHECK(wall(timeline, "split only 2,only=50%,cores=1") == 10 + 310);
}

TEST_CASE("what-if: a program is split, and its link comes after all parts") {
  auto timeline =
      build_of("low\napp linking: low@closure\n", {{"low", {10, 10}}, {"app", {40, 20, 30}}}, 4, 10 + 20 + 90);
  timeline.names[UnitId{1}].kind = "bin";
  CHECK(wall(timeline, "cores=4") == 120);
  CHECK(wall(timeline, "split app 2") == 10 + 10 + 30 + 30);
  CHECK(wall(timeline, "split app 2,cores=1") == 120);
  CHECK(wall(timeline, "split app 2,late-link=never") == 10 + 10 + 30 + 30);
}

TEST_CASE("what-if: of a build script that had one core nobody knows how many it would use") {
  const auto build_on = [](int cores, record::Microseconds wall) {
    auto timeline = build_of("script whole\nlow\n", {{"script", {160, 0}}, {"low", {20, 20}}}, cores, wall);
    timeline.is_whole = true;
    timeline.outcome = Outcome::kSuccess;
    timeline.names[UnitId{0}].mode = "run-custom-build";
    return timeline;
  };
  const auto of_one = what_if(build_on(1, 10 + 200), {"cores=1", "cores=2"}, {})->answers;
  CHECK(of_one[0].wall == 210);
  CHECK(of_one[0].expected_error < 0.1);
  CHECK(of_one[1].wall == 170);
  // A fifth of the script alone, then sixteen pieces of 8: from the 40th on two at once, the last of fifteen until 104.
  CHECK(of_one[1].expected_error == Approx(56.0 / 170));
  CHECK(what_if(build_on(2, 10 + 160), {"cores=4"}, {})->answers[0].expected_error < 0.1);
}

TEST_CASE("what-if: links early and late") {
  CHECK(wall(chain(), "late-link=never") == 10 + 200 + 60);
  CHECK(wall(chain(), "late-link=auto") == 240);
  auto timeline =
      build_of("low\nmacro linking: low@closure\n", {{"low", {40, 60}}, {"macro", {10, 10, 10}}}, 2, 10 + 130);
  timeline.names[UnitId{1}].kind = "proc-macro";
  CHECK(wall(timeline, "late-link=auto") == 10 + 110);
  timeline.names[UnitId{1}].is_member = true;
  CHECK(wall(timeline, "late-link=auto") == 10 + 130);
}

TEST_CASE("what-if: memory") {
  auto timeline = build_of("a\nb\n", {{"a", {50, 50}}, {"b", {50, 50}}}, 2, 110);
  for (auto& unit : timeline.units) {
    unit.peak_kib = 6;
  }
  CHECK(wall(timeline, "memory=12K") == 110);
  CHECK(wall(timeline, "memory=11K") == 210);
  CHECK(wall(timeline, "memory=1K") == 210);
  CHECK(wall(timeline, "memory=9K,split a 2,cores=3") == 110);  // half of a beside b, then the other half
  CHECK(wall(timeline, "memory=12K,split a 2,cores=3") == 110);
  CHECK(wall(timeline, "memory=8K,split a 2,cores=3") == 160);
}

TEST_CASE("what-if: one version of a crate") {
  auto timeline = build_of("old\nnew\n", {{"old", {50, 50}}, {"new", {10, 10}}}, 1, 130);
  timeline.names[UnitId{0}].package = timeline.names[UnitId{1}].package = "syn";
  timeline.names[UnitId{1}].version = "2.0.1";
  CHECK(wall(timeline, "syn=0") == 10);
  CHECK(wall(timeline, "syn@1.0.0=0") == 30);
  CHECK(wall(timeline, "drop syn@2.0.1") == 110);
  CHECK_THAT(complaint(timeline, "drop syn@2"), Catch::Contains("there is `syn@2.0.1`"));
}

TEST_CASE("what-if: what makes no sense is said") {
  const auto timeline = chain();
  const std::map<std::string, std::string> complaints = {
      {"", "it should be like"},
      {"only", "it should be like"},
      {"drop", "it should be like"},
      {"=0", "it should be like"},
      {"only=0,", "it should be like"},
      {"cores=0", "from 1 to 4096"},
      {"cores=5000", "from 1 to 4096"},
      {"cores=4..2", "from 1 to 4096"},
      {"cores=2,cores=4", "`cores` is said twice"},
      {"core=2", "there is `cores`"},
      {"memroy=8G", "there is `memory`"},
      {"memory=much", "a size like"},
      {"memory=0", "a size like"},
      {"late-link=always", "`never` or `auto`"},
      {"cached=all", "is `deps`"},
      {"onyl=0", "there is `only`"},
      {"drop moly", "there is `only`"},
      {"split onl 3", "there is `only`"},
      {"split only", "2 to 64 parts"},
      {"split only 1", "2 to 64 parts"},
      {"split only 2.5", "2 to 64 parts"},
      {"only=-1", "`0`, a share"},
      {"only=nan%", "`0`, a share"},
      {"only=5", "`0`, a share"},
      {"only=0,only=1s", "nothing of it ran"},
      {"drop only,only=0", "no crate of this build is called `only`"},
      {"drop app,drop low", "no crate of this build is called `low`"},
  };
  for (const auto& [words, said] : complaints) {
    CHECK_THAT(complaint(timeline, words), Catch::Contains(said));
  }
  auto script = chain();
  script.names[UnitId{2}].kind = "custom-build";
  CHECK_THAT(complaint(script, "split only 2"), Catch::Contains("neither a library nor a program"));
}

}  // namespace
}  // namespace pcargo::report
