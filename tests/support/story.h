// SPDX-License-Identifier: MIT OR Apache-2.0
// Tests of the scheduler as short stories:
//
//   auto build = Story("core", "util: core@metadata").slots(2);
//   build.expect(start("core"));
//   build.when(metadata("core")).expect(start("util"));
//
// Unless told otherwise, a Story answers every Check with kMustRun and plays the pool of slots; both stay out of sight.
// Each step must be looked at: `when` fails the test if decisions of the step before were never expected.
#pragma once

#include "schedule/scheduler.h"
#include "story_graph.h"

#include <deque>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace pcargo::test {

/// An event that names its unit.
struct Happening {
  std::string unit;
  schedule::Event event;
};

Happening metadata(const std::string& unit);
Happening objects(const std::string& unit);
Happening finished(const std::string& unit);
Happening failed(const std::string& unit);
Happening cancelled(const std::string& unit);
Happening killed_for_memory(const std::string& unit);
Happening checked(const std::string& unit, schedule::CheckAnswer answer);
Happening granted(int slots);
Happening stop();

// Decisions, as the words that a Story compares.
std::string check(const std::string& unit);
std::string start(const std::string& unit);
std::string permit_link(const std::string& unit);
std::string run_alone(const std::string& unit);
std::string cancel(const std::string& unit);
std::string want_slots(int count);
std::string return_slot();
std::string over(Outcome outcome);

class Story {
 public:
  template <class... Lines>
  explicit Story(const Lines&... lines) : Story(std::initializer_list<std::string>{lines...}) {}
  explicit Story(std::initializer_list<std::string> lines);
  Story(Story&&) = default;
  ~Story();

  // Before the first step.
  Story slots(int count) &&;            ///< in the pool that the Story plays; 1 unless told
  Story shows_slots(int max_slots) &&;  ///< no pool: the test grants, wishes and returns are expected
  Story shows_checks() &&;              ///< the test answers, checks are expected
  Story keep_going() &&;
  Story most_late(int count) &&;
  Story memory(std::int64_t limit, const std::map<std::string, std::int64_t>& peaks) &&;  ///< 0 where none is told
  Story answers(const std::string& unit, schedule::CheckAnswer answer) &&;

  Story& when(const Happening& happening);

  template <class... Decisions>
  Story& expect(const Decisions&... decisions) {
    return expect_all({decisions...});
  }
  Story& expect_nothing() { return expect_all({}); }

  schedule::UnitState state(const std::string& unit);

 private:
  Story& expect_all(std::vector<std::string> expected);
  void begin_once();
  void take(const schedule::Event& event);
  void carry_out(const std::vector<schedule::Decision>& decisions);
  void on(const schedule::Decision& decision);
  std::string words_for(const schedule::Decision& decision) const;
  std::string log() const;

  std::unique_ptr<StoryGraph> graph_;
  schedule::Options options_;
  IdMap<UnitId, std::int64_t> peaks_;
  std::unique_ptr<schedule::Scheduler> scheduler_;
  std::map<std::string, schedule::CheckAnswer> answers_;
  bool shows_slots_ = false;
  bool shows_checks_ = false;
  int pool_ = 0;
  int wish_ = 0;
  std::deque<schedule::Event> mailbox_;
  std::vector<std::string> seen_;
  std::vector<std::string> log_;
};

}  // namespace pcargo::test
