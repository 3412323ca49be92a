// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/recorder.h"

#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

namespace pcargo::record {
namespace {

constexpr UnitId kUnit{3};

struct Watched {
  std::int64_t now = 1000;
  Recorder recorder{[this] { return now; }};

  void start(UnitId unit = kUnit) { recorder.unit_started(unit, {}); }
  void finish(Outcome outcome = Outcome::kSuccess, UnitId unit = kUnit) {
    recorder.unit_finished(unit, outcome, nullptr);
  }
  Measurement measured() const { return recorder.measured().at(kUnit); }
};

TEST_CASE("a unit's milestones are counted from its own start") {
  Watched watched;
  watched.start();
  watched.now += 10;
  watched.start(UnitId{4});
  watched.recorder.milestone_reached(kUnit, Milestone::kMetadata);
  watched.now += 5;
  watched.finish();
  watched.now += 1;
  watched.finish(Outcome::kSuccess, UnitId{4});
  CHECK(watched.measured() == Measurement{.total = 15, .metadata = 10});
  CHECK(watched.recorder.measured().at(UnitId{4}) == Measurement{.total = 6});
}

TEST_CASE("waiting at the link gate is not work") {
  Watched watched;
  watched.start();
  watched.now += 10;
  watched.recorder.milestone_reached(kUnit, Milestone::kObjects);
  watched.now += 500;
  watched.recorder.link_permitted(kUnit);
  watched.now += 7;
  watched.finish();
  CHECK(watched.measured() == Measurement{.total = 17, .objects = 10});
}

TEST_CASE("the process's cost and the size of what it made") {
  const support::TemporaryDirectory directory;
  directory.write("a", "12345");
  directory.write("b", "123");
  Watched watched;
  watched.start();
  platform::ExitStatus status;
  status.user_us = 2000;
  status.system_us = 500;
  status.max_rss_kib = 64;
  watched.recorder.process_ended(kUnit, status);
  watched.recorder.artifact_ready(kUnit, {{directory / "a"}, {directory / "b"}, {directory / "gone"}}, false);
  watched.now += 20;
  watched.finish();
  CHECK(watched.measured() == Measurement{.total = 20, .cpu = 2'500'000, .peak_bytes = 65536, .output_bytes = 8});
}

TEST_CASE("what failed, was cancelled, ran twice or did not run is not kept") {
  Watched watched;
  SECTION("failed") {
    watched.start();
    watched.finish(Outcome::kFailure);
  }
  SECTION("cancelled") {
    watched.start();
    watched.finish(Outcome::kCancelled);
  }
  SECTION("ran again") {
    watched.start();
    watched.recorder.unit_runs_again(kUnit, "/aside");
    watched.recorder.milestone_reached(kUnit, Milestone::kMetadata);
    watched.finish();
  }
  SECTION("fresh") {
    watched.recorder.artifact_ready(kUnit, {}, true);
    watched.finish();
  }
  CHECK(watched.recorder.measured().empty());
}

TEST_CASE("what took less than the clock can tell is still known") {
  Watched watched;
  watched.start();
  watched.recorder.milestone_reached(kUnit, Milestone::kMetadata);
  watched.finish();
  CHECK(watched.measured() == Measurement{.total = 1, .metadata = 1});
}

}  // namespace
}  // namespace pcargo::record
