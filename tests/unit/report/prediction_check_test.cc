// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/prediction_check.h"

#include "small_build.h"

#include <catch2/catch.hpp>

namespace pcargo::report {
namespace {

using From = record::Estimate::From;

record::Timeline expected_chain() {
  auto timeline = test::chain();
  timeline.is_whole = true;
  timeline.outcome = Outcome::kSuccess;
  for (const auto& [frontend, codegen, link] :
       {test::Work{40, 60, 0}, test::Work{30, 20, 0}, test::Work{50, 50, 0}, test::Work{10, 20, 30}}) {
    record::Estimate expected;
    expected.from = From::kThisUnit;
    expected.one_thread = {frontend * 1000, codegen * 1000, link * 1000};
    timeline.expected.push_back(expected);
  }
  return timeline;
}

TEST_CASE("a prediction, what was measured, and whose the difference is") {
  auto timeline = expected_chain();
  timeline.end = 260;  // 23 behind the last unit
  timeline.expected[UnitId{0}].from = From::kThisCrate;
  timeline.expected[UnitId{1}].from = From::kPrior;
  const auto check = check_prediction(timeline);
  REQUIRE(check);
  CHECK(check->predicted == 7 + 130);
  CHECK(check->with_true_times == 7 + 230);
  CHECK(check->measured == 260);
  CHECK(check->error() == Approx(-123.0 / 260));
  CHECK(check->known_units == 2);
  CHECK(check->known_crates == 1);
  CHECK(check->unknown == 1);
  CHECK(check->known_share == Approx(260.0 / 410));
  REQUIRE(check->units.size() == 4);
  CHECK(check->units.front().unit == UnitId{2});
  CHECK(check->units.front().expected == 100);
  CHECK(check->units.front().took == 200);
  CHECK(check->units.back().expected == check->units.back().took);
}

TEST_CASE("what did not run is no part of a prediction") {
  auto timeline = expected_chain();
  timeline.units[UnitId{2}] = {.end = record::UnitTimes::End::kFresh, .why = {}};
  const auto check = check_prediction(timeline);
  REQUIRE(check);
  CHECK(check->units.size() == 3);
  CHECK(check->predicted == 7 + 130);
  timeline.expected[UnitId{2}].one_thread = {1'000'000, 0, 0};
  CHECK(check_prediction(timeline)->predicted == 7 + 130);
}

TEST_CASE("there is nothing to check of a build that did not end well, ran nothing or expected nothing") {
  CHECK(check_prediction(expected_chain()));
  auto timeline = expected_chain();
  timeline.is_whole = false;
  CHECK_FALSE(check_prediction(timeline));
  timeline = expected_chain();
  timeline.outcome = Outcome::kFailure;
  CHECK_FALSE(check_prediction(timeline));
  timeline = expected_chain();
  timeline.expected = {};
  CHECK_FALSE(check_prediction(timeline));
  timeline = expected_chain();
  for (auto& unit : timeline.units) {
    unit = {.end = record::UnitTimes::End::kFresh, .why = {}};
  }
  CHECK_FALSE(check_prediction(timeline));
}

TEST_CASE("a build answers what was asked since the one before it, for as many cores") {
  auto timeline = test::chain();
  timeline.head.began_at_ms = 1000 - timeline.end / 1000;
  const auto asked = [](std::int64_t at, int cores) { return record::AskedAnswer{at, "app=0", cores, 5, 0.1}; };
  const auto answers =
      answers_for(timeline, 500, {asked(499, 4), asked(500, 4), asked(900, 8), asked(999, 4), asked(1000, 4)});
  REQUIRE(answers.size() == 2);
  CHECK(answers[0].asked_at_ms == 500);
  CHECK(answers[1].asked_at_ms == 999);
}

TEST_CASE("the usual error is the middle one of builds like this") {
  const auto made = [](record::Microseconds predicted, record::Microseconds measured, double known) {
    PredictionCheck check;
    check.predicted = predicted;
    check.measured = measured;
    check.known_share = known;
    return check;
  };
  CHECK(usual_error({}, 100) == std::nullopt);
  CHECK(usual_error({made(90, 100, 0.5)}, 100) == std::nullopt);
  CHECK(usual_error({made(30, 40, 1)}, 100) == std::nullopt);
  CHECK(*usual_error({made(90, 100, 1), made(102, 100, 1), made(160, 200, 0.95), made(500, 100, 0.1)}, 100) ==
        Approx(0.1));
}

}  // namespace
}  // namespace pcargo::report
