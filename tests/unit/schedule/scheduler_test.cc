// SPDX-License-Identifier: MIT OR Apache-2.0
#include "schedule/scheduler.h"

#include "story.h"

#include <catch2/catch.hpp>

namespace pcargo::schedule {
namespace {

using namespace test;  // NOLINT: the words of the stories

TEST_CASE("a build without units is over at once") {
  auto build = Story("");
  build.expect(over(Outcome::kSuccess));
}

TEST_CASE("a dependent starts when metadata is ready, before codegen ends") {
  auto build = Story("core", "util: core@metadata", "app linking: util@closure core@closure").slots(2);

  build.expect(start("core"));
  build.when(metadata("core")).expect(start("util"));
  build.when(finished("core")).expect_nothing();
  build.when(metadata("util")).expect_nothing();
  build.when(finished("util")).expect(start("app"));
  build.when(finished("app")).expect(over(Outcome::kSuccess));
}

TEST_CASE("an edge to the artifact does not care about metadata") {
  auto build = Story("macro", "user: macro@artifact").slots(2);
  build.expect(start("macro"));
  build.when(metadata("macro")).expect_nothing();
  build.when(finished("macro")).expect(start("user"));
  build.when(finished("user")).expect(over(Outcome::kSuccess));
}

TEST_CASE("metadata that was never announced comes with the end of the unit") {
  auto build = Story("core", "util: core@metadata");
  build.expect(start("core"));
  build.when(finished("core")).expect(start("util"));
  build.when(finished("util")).expect(over(Outcome::kSuccess));
}

TEST_CASE("metadata announced twice counts once") {
  auto build = Story("core", "other", "util: core@metadata other").slots(2);
  build.expect(start("core"), start("other"));
  build.when(metadata("core")).expect_nothing();
  build.when(metadata("core")).expect_nothing();
  build.when(finished("other")).expect(start("util"));
  build.when(finished("util")).expect_nothing();
  build.when(finished("core")).expect(over(Outcome::kSuccess));
}

TEST_CASE("a link waits for codegen of a library that it reaches through metadata only") {
  auto build = Story("core", "util: core@metadata", "app linking: util@closure").slots(3);
  build.expect(start("core"));
  build.when(metadata("core")).expect(start("util"));
  build.when(finished("util")).expect_nothing();
  build.when(finished("core")).expect(start("app"));
  build.when(finished("app")).expect(over(Outcome::kSuccess));
}

TEST_CASE("the longest way to the end goes first, then the lowest id") {
  auto build = Story("late", "early", "short", "next: early", "last: next");
  build.expect(start("early"));
  build.when(finished("early")).expect(start("next"));
  build.when(finished("next")).expect(start("late"));
  build.when(finished("late")).expect(start("short"));
  build.when(finished("short")).expect(start("last"));
  build.when(finished("last")).expect(over(Outcome::kSuccess));
}

TEST_CASE("a unit that becomes ready overtakes queued ones of lower priority for the slot that made it ready") {
  auto build = Story("head priority=9", "filler priority=1", "tail priority=8: head");
  build.expect(start("head"));
  build.when(finished("head")).expect(start("tail"));
  build.when(finished("tail")).expect(start("filler"));
  build.when(finished("filler")).expect(over(Outcome::kSuccess));
}

TEST_CASE("a fresh unit takes no slot and wakes its dependents at once") {
  auto build = Story("core", "util: core@metadata", "app linking: util@closure").answers("core", CheckAnswer::kDone);
  build.expect(start("util"));
  CHECK(build.state("core") == UnitState::kDone);
  build.when(finished("util")).expect(start("app"));
  build.when(finished("app")).expect(over(Outcome::kSuccess));
}

TEST_CASE("when everything is fresh nothing starts") {
  auto build =
      Story("core", "app linking: core@closure").answers("core", CheckAnswer::kDone).answers("app", CheckAnswer::kDone);
  build.expect(over(Outcome::kSuccess));
}

TEST_CASE("units are checked by rank, and only when all they need is there") {
  auto build = Story("low priority=1", "high priority=2", "top priority=3: low@metadata").shows_checks();
  build.expect(check("high"), check("low"));
  build.when(checked("high", CheckAnswer::kMustRun)).expect(start("high"));
  build.when(checked("low", CheckAnswer::kDone)).expect(check("top"));
  build.when(checked("top", CheckAnswer::kDone)).expect_nothing();
  build.when(finished("high")).expect(over(Outcome::kSuccess));
}

TEST_CASE("a free slot waits for the answer about a better unit, not for that about a worse one") {
  auto build = Story("best priority=3", "middle priority=2", "worst priority=1").shows_checks();
  build.expect(check("best"), check("middle"), check("worst"));
  build.when(checked("middle", CheckAnswer::kMustRun)).expect_nothing();
  build.when(checked("best", CheckAnswer::kDone)).expect(start("middle"));
  build.when(checked("worst", CheckAnswer::kDone)).expect_nothing();
  build.when(finished("middle")).expect(over(Outcome::kSuccess));
}

TEST_CASE("an undecided unit is checked again when every artifact below it is there") {
  auto build = Story("core", "util: core@metadata", "app linking: util@metadata").slots(4).shows_checks();
  build.expect(check("core"));
  build.when(checked("core", CheckAnswer::kMustRun)).expect(start("core"));
  build.when(metadata("core")).expect(check("util"));
  build.when(checked("util", CheckAnswer::kDone)).expect(check("app"));
  build.when(checked("app", CheckAnswer::kUndecided)).expect_nothing();
  CHECK(build.state("app") == UnitState::kWaiting);
  build.when(finished("core")).expect(check("app"));
  build.when(checked("app", CheckAnswer::kDone)).expect(over(Outcome::kSuccess));
}

TEST_CASE("a unit that is undecided though everything is there must run") {
  auto build = Story("app linking").answers("app", CheckAnswer::kUndecided);
  build.expect(start("app"));
  build.when(finished("app")).expect(over(Outcome::kSuccess));
}

TEST_CASE("after a failure nothing starts, what runs finishes") {
  auto build = Story("bad", "good", "above: bad", "other: good", "free priority=0").slots(2);
  build.expect(start("bad"), start("good"));
  build.when(failed("bad")).expect_nothing();
  CHECK(build.state("free") == UnitState::kSkipped);
  build.when(metadata("good")).expect_nothing();
  build.when(finished("good")).expect(over(Outcome::kFailure));
  CHECK(build.state("bad") == UnitState::kFailed);
  CHECK(build.state("good") == UnitState::kDone);
  CHECK(build.state("above") == UnitState::kSkipped);
  CHECK(build.state("other") == UnitState::kSkipped);
}

TEST_CASE("keep-going builds everything that does not depend on the failed unit") {
  auto build = Story("bad", "good", "above: bad good", "top: above", "other: good").keep_going();
  build.expect(start("bad"));
  build.when(failed("bad")).expect(start("good"));
  build.when(finished("good")).expect(start("other"));
  build.when(finished("other")).expect(over(Outcome::kFailure));
  CHECK(build.state("above") == UnitState::kSkipped);
  CHECK(build.state("top") == UnitState::kSkipped);
}

TEST_CASE("what runs on the metadata of a unit that fails may finish, but nothing above it starts") {
  auto build =
      Story("core", "util: core@metadata", "late: core@metadata", "app linking: util@closure", "lib: util@metadata")
          .slots(2)
          .keep_going();
  build.expect(start("core"));
  build.when(metadata("core")).expect(start("util"));
  build.when(failed("core")).expect_nothing();
  CHECK(build.state("late") == UnitState::kSkipped);
  CHECK(build.state("lib") == UnitState::kSkipped);
  build.when(finished("util")).expect(over(Outcome::kFailure));
  CHECK(build.state("util") == UnitState::kDone);
  CHECK(build.state("app") == UnitState::kSkipped);
}

TEST_CASE("every failure is heard, the build fails once") {
  auto build = Story("one", "two").slots(2);
  build.expect(start("one"), start("two"));
  build.when(failed("one")).expect_nothing();
  build.when(failed("two")).expect(over(Outcome::kFailure));
}

TEST_CASE("an interrupt cancels what runs and starts nothing more") {
  auto build = Story("one", "two", "three", "four: one").slots(2);
  build.expect(start("one"), start("two"));
  build.when(stop()).expect(cancel("one"), cancel("two"));
  build.when(finished("one")).expect_nothing();
  build.when(stop()).expect_nothing();
  build.when(cancelled("two")).expect(over(Outcome::kCancelled));
  CHECK(build.state("one") == UnitState::kDone);
  CHECK(build.state("two") == UnitState::kCancelled);
  CHECK(build.state("three") == UnitState::kSkipped);
  CHECK(build.state("four") == UnitState::kSkipped);
}

TEST_CASE("an interrupt before anything runs ends the build, and a late answer to a check changes nothing") {
  auto build = Story("core").shows_checks();
  build.expect(check("core"));
  build.when(stop()).expect(over(Outcome::kCancelled));
  build.when(checked("core", CheckAnswer::kMustRun)).expect_nothing();
}

TEST_CASE("an interrupt while a failed build ends is an interrupt") {
  auto build = Story("bad", "slow").slots(2);
  build.expect(start("bad"), start("slow"));
  build.when(failed("bad")).expect_nothing();
  build.when(stop()).expect(cancel("slow"));
  build.when(cancelled("slow")).expect(over(Outcome::kCancelled));
}

TEST_CASE("the answer to a check that was out when its unit was skipped is ignored") {
  auto build = Story("bad", "asked", "other: bad").slots(2).keep_going().shows_checks();
  build.expect(check("bad"), check("asked"));
  build.when(checked("bad", CheckAnswer::kMustRun)).expect(start("bad"));
  build.when(metadata("bad")).expect_nothing();
  build.when(failed("bad")).expect_nothing();
  CHECK(build.state("other") == UnitState::kSkipped);
  build.when(checked("asked", CheckAnswer::kMustRun)).expect(start("asked"));
  build.when(finished("asked")).expect(over(Outcome::kFailure));

  auto stopped = Story("bad priority=2", "asked").slots(2).shows_checks();
  stopped.expect(check("bad"), check("asked"));
  stopped.when(checked("bad", CheckAnswer::kMustRun)).expect(start("bad"));
  stopped.when(stop()).expect(cancel("bad"));
  stopped.when(checked("asked", CheckAnswer::kDone)).expect_nothing();
  CHECK(stopped.state("asked") == UnitState::kSkipped);
  stopped.when(cancelled("bad")).expect(over(Outcome::kCancelled));
}

TEST_CASE("a late-linked unit gives its slot back at the gate and links when everything below is there") {
  auto build = Story("core", "util: core@metadata", "app linking: util@metadata", "free priority=0").slots(2);
  build.expect(start("core"), start("free"));
  build.when(finished("free")).expect_nothing();
  build.when(metadata("core")).expect(start("util"));
  build.when(finished("util")).expect(start("app"));
  build.when(objects("app")).expect_nothing();
  CHECK(build.state("app") == UnitState::kAwaitingLink);
  build.when(finished("core")).expect(permit_link("app"));
  CHECK(build.state("app") == UnitState::kLinking);
  build.when(finished("app")).expect(over(Outcome::kSuccess));
}

TEST_CASE("a unit at the gate does not keep what it waits for from starting") {
  auto build = Story("core priority=0", "app linking priority=9: core@metadata", "slow priority=5").slots(1);
  build.expect(start("slow"));
  build.when(finished("slow")).expect(start("core"));
  build.when(metadata("core")).expect_nothing();
  build.when(finished("core")).expect(start("app"));
  build.when(objects("app")).expect(permit_link("app"));
  build.when(finished("app")).expect(over(Outcome::kSuccess));
}

TEST_CASE("no more units are late than may be: the next starts when one is done or nothing is missing below it") {
  auto build = Story("core", "a linking: core@metadata", "b linking: core@metadata", "c linking: core@metadata")
                   .slots(4)
                   .most_late(1);
  build.expect(start("core"));
  build.when(metadata("core")).expect(start("a"));
  build.when(objects("a")).expect_nothing();
  build.when(failed("a")).expect_nothing();
  CHECK(build.state("b") == UnitState::kSkipped);

  auto other = Story("core", "a linking: core@metadata", "b linking: core@metadata").slots(4).most_late(1);
  other.expect(start("core"));
  other.when(metadata("core")).expect(start("a"));
  other.when(finished("core")).expect(start("b"));
  other.when(objects("a")).expect(permit_link("a"));
  other.when(finished("a")).expect_nothing();
  other.when(finished("b")).expect(over(Outcome::kSuccess));
}

TEST_CASE("where none may be late, all that link wait for what they link") {
  auto build = Story("core", "app linking: core@metadata").slots(4).most_late(0);
  build.expect(start("core"));
  build.when(metadata("core")).expect_nothing();
  build.when(finished("core")).expect(start("app"));
  build.when(finished("app")).expect(over(Outcome::kSuccess));
}

TEST_CASE("an open gate is ranked among the queued units") {
  auto build = Story("app linking priority=5", "better priority=7: app@metadata", "worse priority=1");
  build.expect(start("app"));
  build.when(metadata("app")).expect_nothing();
  build.when(objects("app")).expect(start("better"));
  build.when(finished("better")).expect(permit_link("app"));
  build.when(finished("app")).expect(start("worse"));
  build.when(finished("worse")).expect(over(Outcome::kSuccess));
}

TEST_CASE("a gate above a failed unit never opens: what waits there is cancelled") {
  auto build = Story("core", "app linking: core@metadata").slots(2).keep_going();
  build.expect(start("core"));
  build.when(metadata("core")).expect(start("app"));
  build.when(objects("app")).expect_nothing();
  build.when(failed("core")).expect(cancel("app"));
  build.when(cancelled("app")).expect(over(Outcome::kFailure));
}

TEST_CASE("a unit that reaches the gate after a failure below it is cancelled there") {
  auto build = Story("core", "app linking: core@metadata").slots(2);
  build.expect(start("core"));
  build.when(metadata("core")).expect(start("app"));
  build.when(failed("core")).expect_nothing();
  build.when(objects("app")).expect(cancel("app"));
  build.when(cancelled("app")).expect(over(Outcome::kFailure));
}

TEST_CASE("after a failure elsewhere a gate still opens when what runs below it is finished") {
  auto build = Story("bad", "core", "app linking: core@metadata").slots(3);
  build.expect(start("core"), start("bad"));
  build.when(metadata("core")).expect(start("app"));
  build.when(objects("app")).expect_nothing();
  build.when(failed("bad")).expect_nothing();
  build.when(finished("core")).expect(permit_link("app"));
  build.when(finished("app")).expect(over(Outcome::kFailure));
}

TEST_CASE("an interrupt cancels what waits at a gate, too") {
  auto build = Story("core", "app linking: core@metadata").slots(2);
  build.expect(start("core"));
  build.when(metadata("core")).expect(start("app"));
  build.when(objects("app")).expect_nothing();
  build.when(stop()).expect(cancel("core"), cancel("app"));
  build.when(finished("core")).expect_nothing();
  build.when(cancelled("app")).expect(over(Outcome::kCancelled));
}

TEST_CASE("a unit at an open gate waits for its turn, and loses it when it is cancelled") {
  auto build = Story("app linking priority=1", "best priority=9: app@metadata", "core priority=0");
  build.expect(start("app"));
  build.when(metadata("app")).expect_nothing();
  build.when(objects("app")).expect(start("best"));
  CHECK(build.state("app") == UnitState::kAwaitingLink);
  build.when(stop()).expect(cancel("app"), cancel("best"));
  build.when(cancelled("best")).expect_nothing();
  build.when(cancelled("app")).expect(over(Outcome::kCancelled));
}

TEST_CASE("a run that ended early though nobody asked for it fails the build") {
  auto build = Story("core", "util: core");
  build.expect(start("core"));
  build.when(cancelled("core")).expect(over(Outcome::kFailure));
  CHECK(build.state("core") == UnitState::kCancelled);
}

}  // namespace
}  // namespace pcargo::schedule
