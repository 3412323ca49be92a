// SPDX-License-Identifier: MIT OR Apache-2.0
// Memory as the second resource: who waits for it, who may pass, and what is run once more alone.
#include "story.h"

#include <catch2/catch.hpp>

namespace pcargo::schedule {
namespace {

using test::cancel;
using test::cancelled;
using test::failed;
using test::finished;
using test::killed_for_memory;
using test::metadata;
using test::objects;
using test::over;
using test::permit_link;
using test::run_alone;
using test::start;
using test::stop;
using test::Story;

TEST_CASE("what runs together stays below the limit") {
  auto build = Story("a", "b", "c").slots(3).memory(10, {{"a", 5}, {"b", 5}, {"c", 5}});
  build.expect(start("a"), start("b"));
  build.when(finished("a")).expect(start("c"));
  build.when(finished("b")).expect_nothing();
  build.when(finished("c")).expect(over(Outcome::kSuccess));
}

TEST_CASE("what is larger than the limit runs alone, even the first") {
  auto build = Story("small priority=9", "huge priority=5", "later")
                   .slots(3)
                   .memory(10, {{"small", 1}, {"huge", 50}, {"later", 1}});
  build.expect(start("small"));
  build.when(finished("small")).expect(start("huge"));
  build.when(finished("huge")).expect(start("later"));
  build.when(finished("later")).expect(over(Outcome::kSuccess));
}

TEST_CASE("a smaller unit passes a larger one that it would fit beside") {
  auto build = Story("first priority=9", "large priority=5", "small", "other")
                   .slots(4)
                   .memory(12, {{"first", 6}, {"large", 9}, {"small", 3}, {"other", 3}});
  // "other" would fit too, but not beside "large" and "small": when "first" is over, "large" must find room.
  build.expect(start("first"), start("small"));
  build.when(finished("first")).expect(start("large"));
  build.when(finished("small")).expect(start("other"));
  build.when(finished("large")).expect_nothing();
  build.when(finished("other")).expect(over(Outcome::kSuccess));
}

TEST_CASE("no late unit starts where what it waits for could then not run") {
  auto build = Story("core priority=9", "next: core", "app linking: core@metadata")
                   .slots(4)
                   .memory(8, {{"core", 3}, {"next", 4}, {"app", 4}});
  build.expect(start("core"));
  build.when(metadata("core")).expect(start("app"));
  build.when(finished("core")).expect(start("next"));
  build.when(finished("next")).expect_nothing();
  build.when(finished("app")).expect(over(Outcome::kSuccess));

  auto tight = Story("core priority=9", "app linking: core@metadata").slots(4).memory(7, {{"core", 3}, {"app", 4}});
  tight.expect(start("core"));
  tight.when(metadata("core")).expect_nothing();
  tight.when(finished("core")).expect(start("app"));
  tight.when(finished("app")).expect(over(Outcome::kSuccess));
}

TEST_CASE("what was killed for memory runs again when nothing else does, and nothing beside it") {
  auto build = Story("victim priority=9", "other priority=8", "next priority=1").slots(2);
  build.expect(start("victim"), start("other"));
  build.when(killed_for_memory("victim")).expect_nothing();
  CHECK(build.state("victim") == UnitState::kAwaitingRoom);
  build.when(finished("other")).expect(run_alone("victim"));
  build.when(metadata("victim")).expect_nothing();
  build.when(finished("victim")).expect(start("next"));
  build.when(finished("next")).expect(over(Outcome::kSuccess));
}

TEST_CASE("what was killed for memory and is alone runs again at once, and then its failure counts") {
  auto build = Story("victim", "above: victim");
  build.expect(start("victim"));
  build.when(killed_for_memory("victim")).expect(run_alone("victim"));
  build.when(failed("victim")).expect(over(Outcome::kFailure));
}

TEST_CASE("a late unit that was killed for memory waits for what it links") {
  auto build = Story("core", "app linking: core@metadata").slots(2);
  build.expect(start("core"));
  build.when(metadata("core")).expect(start("app"));
  build.when(objects("app")).expect_nothing();
  build.when(killed_for_memory("app")).expect_nothing();
  build.when(finished("core")).expect(run_alone("app"));
  build.when(finished("app")).expect(over(Outcome::kSuccess));
}

TEST_CASE("a unit below a waiting gate that was killed for memory runs alone beside the gate") {
  auto build = Story("core", "app linking: core@metadata").slots(2);
  build.expect(start("core"));
  build.when(metadata("core")).expect(start("app"));
  build.when(killed_for_memory("core")).expect_nothing();
  build.when(objects("app")).expect(run_alone("core"));
  build.when(finished("core")).expect(permit_link("app"));
  build.when(finished("app")).expect(over(Outcome::kSuccess));
}

TEST_CASE("what waits to run again is cancelled by an interrupt, and when it waits for something that failed") {
  auto build = Story("victim", "other").slots(2);
  build.expect(start("victim"), start("other"));
  build.when(killed_for_memory("victim")).expect_nothing();
  build.when(stop()).expect(cancel("victim"), cancel("other"));
  build.when(cancelled("victim")).expect_nothing();
  build.when(cancelled("other")).expect(over(Outcome::kCancelled));

  auto below = Story("core", "app linking: core@metadata").slots(2);
  below.expect(start("core"));
  below.when(metadata("core")).expect(start("app"));
  below.when(killed_for_memory("app")).expect_nothing();
  below.when(failed("core")).expect(cancel("app"));
  below.when(cancelled("app")).expect(over(Outcome::kFailure));
}

}  // namespace
}  // namespace pcargo::schedule
