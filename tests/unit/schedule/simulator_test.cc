// SPDX-License-Identifier: MIT OR Apache-2.0
#include "schedule/simulator.h"

#include "story_graph.h"

#include <catch2/catch.hpp>

#include <utility>
#include <vector>

namespace pcargo::schedule {
namespace {

using test::parse_graph;
using test::StoryGraph;

constexpr graph::PhaseDurations kEach{2, 3, 1};

SimulationInput input_for(const StoryGraph& story, int slots) {
  return SimulationInput{story.priority, graph::Durations(story.graph.size(), kEach), slots};
}

TEST_CASE("one core does one thing after the other") {
  auto story = parse_graph("core\nutil: core@metadata\napp linking: util@closure");
  Schedule schedule = simulate(story.graph, input_for(story, 1));
  CHECK(schedule.makespan == 3 * kEach.total());
  CHECK(schedule.outcome == Outcome::kSuccess);
  CHECK(schedule.units[story.unit("util")].start == 6);
  CHECK(schedule.units[story.unit("app")].finish == 18);
}

TEST_CASE("two cores overlap codegen with the frontend above it") {
  auto story = parse_graph("core\nutil: core@metadata\napp linking: util@closure");
  Schedule schedule = simulate(story.graph, input_for(story, 2));
  UnitTimes util = schedule.units[story.unit("util")];
  CHECK(util.start == 2);
  CHECK(util.metadata == 4);
  CHECK(util.finish == 8);
  UnitTimes app = schedule.units[story.unit("app")];
  CHECK(app.start == 8);
  CHECK(app.link_start == 13);
  CHECK(schedule.makespan == 14);
}

TEST_CASE("a late-linked unit waits at its gate without a core") {
  auto story = parse_graph("core\napp linking: core@metadata");
  SimulationInput input = input_for(story, 2);
  input.durations[story.unit("core")] = {1, 20, 0};
  Schedule schedule = simulate(story.graph, input);
  UnitTimes app = schedule.units[story.unit("app")];
  CHECK(app.start == 1);
  CHECK(app.objects == 6);
  CHECK(app.link_start == 21);
  CHECK(schedule.makespan == 22);
}

TEST_CASE("codegen takes cores that nobody uses, as many as it has threads for") {
  auto story = parse_graph("core\nother");
  SimulationInput input = input_for(story, 4);
  input.durations[story.unit("core")] = {10, 120, 0};
  input.durations[story.unit("other")] = {40, 0, 0};
  input.codegen_threads = IdMap<UnitId, unsigned>(2, 1);
  CHECK(simulate(story.graph, input).makespan == 130);
  input.codegen_threads[story.unit("core")] = 2;
  CHECK(simulate(story.graph, input).makespan == 70);
  // Twelve pieces of ten: three at once from the 10th on; the fourth slot is free at 40, with three pieces left to
  // take.
  input.codegen_threads[story.unit("core")] = 12;
  CHECK(simulate(story.graph, input).makespan == 50);
  input.serial_share = 1;
  CHECK(simulate(story.graph, input).makespan == 130);
  // 60 alone, until the 70th; then four at once, fifteen pieces of four.
  input.serial_share = 0.5;
  input.codegen_threads[story.unit("core")] = 15;
  CHECK(simulate(story.graph, input).makespan == 86);
}

TEST_CASE("a build script that compiles takes slots from its start on") {
  auto story = parse_graph("script whole priority=9\nother");
  SimulationInput input = input_for(story, 3);
  input.durations[story.unit("script")] = {0, 120, 0};
  input.durations[story.unit("other")] = {30, 0, 0};
  input.codegen_threads = IdMap<UnitId, unsigned>(2, 1);
  CHECK(simulate(story.graph, input).makespan == 120);
  // Twelve pieces of ten: two at once, and three from the 30th on, with six left.
  input.codegen_threads[story.unit("script")] = 12;
  CHECK(simulate(story.graph, input).makespan == 50);
  input.slots = 1;
  CHECK(simulate(story.graph, input).makespan == 150);
}

TEST_CASE("codegen keeps what slots it took until nothing is left to take") {
  auto story = parse_graph("core priority=9\nfirst priority=8\nlate: first");
  SimulationInput input = input_for(story, 3);
  input.durations[story.unit("core")] = {10, 100, 0};
  input.durations[story.unit("first")] = {30, 0, 0};
  input.durations[story.unit("late")] = {5, 0, 0};
  input.codegen_threads = IdMap<UnitId, unsigned>(3, 1);
  input.codegen_threads[story.unit("core")] = 10;
  // `late` has the slot of `first`: core's third thread comes at 35 and begins the seventh of ten pieces.
  const Schedule taken = simulate(story.graph, input);
  CHECK(*taken.units[story.unit("late")].start == 30);
  CHECK(*taken.units[story.unit("core")].finish == 55);

  // Two are ready at once: one has the slot of `first`, and the other waits for that one, not for core's threads.
  auto wider = parse_graph("core priority=9\nfirst priority=8\nlate: first\nlater: first");
  SimulationInput more = input_for(wider, 4);
  more.durations = input.durations;
  more.durations.push_back({5, 0, 0});
  more.codegen_threads = input.codegen_threads;
  more.codegen_threads.push_back(1);
  const Schedule waited = simulate(wider.graph, more);
  CHECK(*waited.units[wider.unit("core")].finish == 50);
  CHECK(*waited.units[wider.unit("late")].start == 30);
  CHECK(*waited.units[wider.unit("later")].start == 35);
}

TEST_CASE("in a pipe that all read from who has waited longest is served first, in ours the scheduler") {
  auto story = parse_graph("core priority=9\nlong priority=8\nfirst priority=7\nnext: first\nextra: first");
  SimulationInput input = input_for(story, 4);
  input.durations[story.unit("core")] = {10, 60, 0};
  input.durations[story.unit("long")] = {10, 1000, 0};
  input.durations[story.unit("first")] = {20, 0, 0};
  input.durations[story.unit("next")] = {1000, 0, 0};
  input.durations[story.unit("extra")] = {1000, 0, 0};
  input.codegen_threads = IdMap<UnitId, unsigned>(5, 1);
  input.codegen_threads[story.unit("core")] = 3;
  input.codegen_threads[story.unit("long")] = 10;
  // The fourth slot has core's second thread, until 30. `long` waits for one since 10, `extra` since 20.
  CHECK(*simulate(story.graph, input).units[story.unit("extra")].start == 30);
  input.scheduler_first = false;
  CHECK(*simulate(story.graph, input).units[story.unit("extra")].start == 50);
}

TEST_CASE("a late-linked unit with elastic codegen comes to its gate") {
  auto story = parse_graph("core\napp linking: core@metadata");
  SimulationInput input = input_for(story, 4);
  input.durations[story.unit("core")] = {1, 60, 0};
  input.durations[story.unit("app")] = {1, 20, 5};
  input.codegen_threads = IdMap<UnitId, unsigned>(2, 2);
  Schedule schedule = simulate(story.graph, input);
  UnitTimes app = schedule.units[story.unit("app")];
  CHECK(app.start == 1);
  CHECK(app.objects == 12);
  CHECK(app.link_start == 31);
  CHECK(schedule.makespan == 36);
}

TEST_CASE("never more cores than there are") {
  auto story = parse_graph("a\nb\nc\nd\ne");
  CHECK(simulate(story.graph, input_for(story, 2)).makespan == 3 * kEach.total());
  CHECK(simulate(story.graph, input_for(story, 5)).makespan == kEach.total());
  CHECK(simulate(story.graph, input_for(story, 50)).makespan == kEach.total());
}

TEST_CASE("a failing unit ends the build after what runs beside it") {
  auto story = parse_graph("bad\nslow\nnever: bad\nnext: slow");
  SimulationInput input = input_for(story, 2);
  input.durations[story.unit("slow")] = {30, 0, 0};
  input.outcomes = IdMap<UnitId, Outcome>(4, Outcome::kSuccess);
  input.outcomes[story.unit("bad")] = Outcome::kFailure;
  Schedule schedule = simulate(story.graph, input);
  CHECK(schedule.outcome == Outcome::kFailure);
  CHECK(schedule.makespan == 30);
  CHECK(schedule.units[story.unit("never")].end == UnitState::kSkipped);
  CHECK(schedule.units[story.unit("next")].end == UnitState::kSkipped);

  input.keep_going = true;
  CHECK(simulate(story.graph, input).makespan == 36);
}

TEST_CASE("an interrupt ends everything at its time") {
  auto story = parse_graph("one\ntwo");
  SimulationInput input = input_for(story, 1);
  input.stop_at = 4;
  Schedule schedule = simulate(story.graph, input);
  CHECK(schedule.outcome == Outcome::kCancelled);
  CHECK(schedule.makespan == 4);
  CHECK(schedule.units[story.unit("one")].end == UnitState::kCancelled);
  CHECK(schedule.units[story.unit("two")].end == UnitState::kSkipped);
}

TEST_CASE("what is found done takes no time") {
  auto story = parse_graph("core\nutil: core");
  SimulationInput input = input_for(story, 1);
  input.check = [&](UnitId unit) { return unit == story.unit("core") ? CheckAnswer::kDone : CheckAnswer::kMustRun; };
  Schedule schedule = simulate(story.graph, input);
  CHECK(schedule.makespan == kEach.total());
  CHECK(schedule.units[story.unit("core")].start == std::nullopt);
  CHECK(schedule.units[story.unit("core")].finish == 0);
}

TEST_CASE("a fresh scheduler that hears the same events decides the same") {
  auto story = parse_graph("a\nb: a@metadata\nc: a\nd linking: b@metadata c@metadata\ne linking: b@closure");
  SimulationInput input = input_for(story, 2);
  Schedule schedule = simulate(story.graph, input);
  REQUIRE(schedule.exchanges.size() > 10);

  Scheduler replayed(story.graph, input.priority, Options{.max_slots = input.slots});
  for (const Exchange& exchange : schedule.exchanges) {
    std::vector<Decision> decisions;
    if (exchange.event) {
      replayed.handle(*exchange.event, &decisions);
    } else {
      replayed.begin(&decisions);
    }
    CHECK(decisions == exchange.decisions);
  }
}

}  // namespace
}  // namespace pcargo::schedule
