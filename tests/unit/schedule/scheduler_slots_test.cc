// SPDX-License-Identifier: MIT OR Apache-2.0
// Slots in full view: what is wished for, granted and given back.
#include "schedule/scheduler.h"
#include "story.h"

#include <catch2/catch.hpp>

namespace pcargo::schedule {
namespace {

using namespace test;  // NOLINT: the words of the stories

TEST_CASE("the first slot is there from the beginning and never goes back") {
  auto build = Story("core", "util: core").shows_slots(8);
  build.expect(start("core"));
  build.when(finished("core")).expect(start("util"));
  build.when(finished("util")).expect(over(Outcome::kSuccess));
}

TEST_CASE("more slots are wished for as units queue up, up to the limit") {
  auto build = Story("one", "two", "three", "four").shows_slots(3);
  build.expect(start("one"), want_slots(1), want_slots(2));
  build.when(granted(1)).expect(start("two"), want_slots(1));
  build.when(granted(1)).expect(start("three"), want_slots(0));
  build.when(finished("one")).expect(start("four"));
  build.when(finished("two")).expect(return_slot());
  build.when(finished("three")).expect(return_slot());
  build.when(finished("four")).expect(over(Outcome::kSuccess));
}

TEST_CASE("a freed slot goes to a queued unit before it goes back") {
  auto build = Story("one", "two", "three").shows_slots(2);
  build.expect(start("one"), want_slots(1));
  build.when(granted(1)).expect(start("two"), want_slots(0));
  build.when(finished("one")).expect(start("three"));
  build.when(finished("two")).expect(return_slot());
  build.when(finished("three")).expect(over(Outcome::kSuccess));
}

TEST_CASE("a slot that comes too late goes straight back") {
  auto build = Story("one", "two").shows_slots(4);
  build.expect(start("one"), want_slots(1));
  build.when(finished("one")).expect(start("two"), want_slots(0));
  build.when(granted(2)).expect(return_slot(), return_slot());
  build.when(finished("two")).expect(over(Outcome::kSuccess));
}

TEST_CASE("a free slot is kept while a check is out that may need it") {
  auto build = Story("one", "two", "next: one").shows_slots(2).shows_checks();
  build.expect(check("one"), check("two"));
  build.when(checked("one", CheckAnswer::kMustRun)).expect(start("one"));
  build.when(checked("two", CheckAnswer::kMustRun)).expect(want_slots(1));
  build.when(granted(1)).expect(start("two"), want_slots(0));
  build.when(finished("one")).expect(check("next"));
  build.when(checked("next", CheckAnswer::kDone)).expect(return_slot());
  build.when(finished("two")).expect(over(Outcome::kSuccess));
}

TEST_CASE("a unit at the link gate holds no slot") {
  auto build = Story("core", "app linking: core@metadata").shows_slots(2);
  build.expect(start("core"));
  build.when(metadata("core")).expect(want_slots(1));
  build.when(granted(1)).expect(start("app"), want_slots(0));
  build.when(objects("app")).expect(return_slot());
  build.when(finished("core")).expect(permit_link("app"));
  build.when(finished("app")).expect(over(Outcome::kSuccess));
}

TEST_CASE("a failure withdraws the wish and gives free slots back") {
  auto build = Story("bad", "good", "queued").shows_slots(9);
  build.expect(start("bad"), want_slots(1), want_slots(2));
  build.when(granted(1)).expect(start("good"), want_slots(1));
  build.when(failed("bad")).expect(return_slot(), want_slots(0));
  build.when(granted(1)).expect(return_slot());
  build.when(finished("good")).expect(over(Outcome::kFailure));
}

TEST_CASE("an interrupt withdraws the wish; slots go back as the units end") {
  auto build = Story("one", "two", "three").shows_slots(9);
  build.expect(start("one"), want_slots(1), want_slots(2));
  build.when(granted(1)).expect(start("two"), want_slots(1));
  build.when(stop()).expect(cancel("one"), cancel("two"), want_slots(0));
  build.when(cancelled("two")).expect(return_slot());
  build.when(cancelled("one")).expect(over(Outcome::kCancelled));
}

}  // namespace
}  // namespace pcargo::schedule
