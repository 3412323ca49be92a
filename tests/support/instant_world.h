// SPDX-License-Identifier: MIT OR Apache-2.0
// A world in which every unit is dirty and every compiler ends at once: what is left is what scheduling costs. An end
// is told when there is nothing else to tell: until then dependents start on metadata, and what they link is missing.
#pragma once

#include "base/check.h"
#include "graph/action_graph.h"
#include "schedule/scheduler.h"

#include <cstddef>
#include <deque>
#include <utility>
#include <variant>
#include <vector>

namespace pcargo::test {

class InstantWorld {
 public:
  InstantWorld(const graph::ActionGraph& actions, IdMap<UnitId, std::int64_t> priority, schedule::Options options)
      : actions_(actions), scheduler_(actions, std::move(priority), options) {}

  /// The whole build.
  void run() {
    scheduler_.begin(&decisions_);
    carry_out();
    while (!over_) {
      auto& queue = events_.empty() ? ends_ : events_;
      PCARGO_CHECK(!queue.empty());
      const schedule::Event event = queue.front();
      queue.pop_front();
      scheduler_.handle(event, &decisions_);
      carry_out();
    }
  }

  std::size_t started() const { return started_; }
  std::size_t gates() const { return gates_; }  ///< at which a unit waited
  std::size_t decisions() const { return made_; }

 private:
  void carry_out() {
    made_ += decisions_.size();
    for (const schedule::Decision& decision : decisions_) {
      if (const auto* check = std::get_if<schedule::Check>(&decision)) {
        events_.push_back(schedule::Checked{check->unit, schedule::CheckAnswer::kMustRun});
      } else if (const auto* start = std::get_if<schedule::Start>(&decision)) {
        ++started_;
        compile(start->unit);
      } else if (const auto* permit = std::get_if<schedule::PermitLink>(&decision)) {
        ends_.push_back(schedule::Finished{permit->unit, Outcome::kSuccess});
      } else if (const auto* wish = std::get_if<schedule::WantSlots>(&decision)) {
        events_.push_back(schedule::SlotsGranted{wish->count});
      } else if (std::holds_alternative<schedule::BuildOver>(decision)) {
        over_ = true;
      }
    }
    decisions_.clear();
  }

  void compile(UnitId unit) {
    if (actions_.phases(unit) != graph::Phases::kWhole) {
      events_.push_back(schedule::Reached{unit, Milestone::kMetadata});
    }
    if (!actions_.is_late_linked(unit) || scheduler_.is_complete_below(unit)) {
      ends_.push_back(schedule::Finished{unit, Outcome::kSuccess});
    } else {
      ++gates_;
      events_.push_back(schedule::Reached{unit, Milestone::kObjects});
    }
  }

  const graph::ActionGraph& actions_;
  schedule::Scheduler scheduler_;
  std::deque<schedule::Event> events_;
  std::deque<schedule::Event> ends_;
  std::vector<schedule::Decision> decisions_;
  std::size_t started_ = 0;
  std::size_t gates_ = 0;
  std::size_t made_ = 0;
  bool over_ = false;
};

}  // namespace pcargo::test
