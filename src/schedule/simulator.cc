// SPDX-License-Identifier: MIT OR Apache-2.0
#include "schedule/simulator.h"

#include "base/check.h"
#include "schedule/elastic_codegen.h"

#include <algorithm>
#include <deque>
#include <queue>
#include <utility>

namespace pcargo::schedule {

namespace {

/// Something that will happen. `sequence` makes the order of simultaneous events that of their causes.
struct Pending {
  std::int64_t time = 0;
  std::uint64_t sequence = 0;
  Event event;

  bool operator>(const Pending& other) const {
    return time != other.time ? time > other.time : sequence > other.sequence;
  }
};

class Simulation {
 public:
  Simulation(const graph::ActionGraph& graph, const SimulationInput& input)
      : graph_(graph),
        input_(input),
        scheduler_(graph,
                   input.priority,
                   Options{.keep_going = input.keep_going, .max_slots = input.slots, .memory = input.memory},
                   input.peaks) {
    PCARGO_CHECK(input.durations.size() == graph.size());
    PCARGO_CHECK(input.codegen_threads.empty() || input.codegen_threads.size() == graph.size());
    PCARGO_CHECK(input.true_peaks.empty() || input.true_peaks.size() == graph.size());
    PCARGO_CHECK(input.outcomes.empty() || input.outcomes.size() == graph.size());
    result_.units = IdMap<UnitId, UnitTimes>(graph.size());
    is_late_ = IdMap<UnitId, char>(graph.size(), 0);
  }

  Schedule run() && {
    if (input_.stop_at) {
      expect(*input_.stop_at, StopRequested{});
    }
    Exchange first;
    scheduler_.begin(&first.decisions);
    carry_out(std::move(first));
    while (!over_) {
      take(next_event());
    }
    for (UnitId unit{0}; unit.value < graph_.size(); ++unit.value) {
      result_.units[unit].end = scheduler_.state_of(unit);
    }
    return std::move(result_);
  }

 private:
  void expect(std::int64_t time, Event event) { future_.push(Pending{time, sequence_++, event}); }

  /// The mailbox holds what happens at once in answer to a decision; time passes only when it is empty.
  Event next_event() {
    if (!mailbox_.empty()) {
      Event event = mailbox_.front();
      mailbox_.pop_front();
      return event;
    }
    for (;;) {
      if (share_slots()) {
        return next_event();
      }
      const auto codegen_ends = codegens_.next();
      if (codegen_ends && (future_.empty() || *codegen_ends < future_.top().time)) {
        now_ = *codegen_ends;
        for (const UnitId unit : codegens_.pass_time_until(now_)) {
          expect_after_codegen(unit, now_);
        }
        continue;
      }
      PCARGO_CHECK(!future_.empty());
      Pending next = future_.top();
      future_.pop();
      now_ = next.time;
      return next.event;
    }
  }

  bool is_elastic(UnitId unit) const { return !input_.codegen_threads.empty() && input_.codegen_threads[unit] > 1; }

  void begin_codegen(UnitId unit, std::int64_t work) {
    codegens_.begin(unit, now_, work, input_.serial_share, input_.codegen_threads[unit]);
  }

  int free_slots() const { return input_.slots - held_slots_ - codegens_.slots(); }

  /// Did the scheduler get one?
  bool share_slots() {
    int granted = 0;
    while (free_slots() > 0) {
      const auto codegen = codegens_.asking_since(now_);
      if (wish_ > 0 && (input_.scheduler_first || !codegen || wish_since_ <= *codegen)) {
        --wish_;
        ++held_slots_;
        ++granted;
        wish_since_ = now_;
      } else if (codegen) {
        codegens_.give_slot(now_);
      } else {
        break;
      }
    }
    if (granted > 0) {
      mailbox_.push_back(SlotsGranted{granted});
    }
    return granted > 0;
  }

  /// `objects`: when they are made.
  void expect_after_codegen(UnitId unit, std::int64_t objects) {
    if (is_late_[unit] != 0) {
      expect(objects, Reached{unit, Milestone::kObjects});
    } else {
      const auto link = graph::fit(graph_.phases(unit), input_.durations[unit]).link;
      expect(objects + link, Finished{unit, outcome_of(unit)});
    }
  }

  void take(const Event& event) {
    if (is_of_ended_run(event)) {
      return;
    }
    note(event);
    Exchange exchange{event, {}};
    scheduler_.handle(event, &exchange.decisions);
    carry_out(std::move(exchange));
  }

  /// What a cancelled run would have done later.
  bool is_of_ended_run(const Event& event) const {
    if (const auto* reached = std::get_if<Reached>(&event)) {
      return result_.units[reached->unit].finish.has_value();
    }
    if (const auto* finished = std::get_if<Finished>(&event)) {
      return result_.units[finished->unit].finish.has_value();
    }
    return false;
  }

  void note(const Event& event) {
    if (const auto* reached = std::get_if<Reached>(&event)) {
      UnitTimes& times = result_.units[reached->unit];
      (reached->milestone == Milestone::kMetadata ? times.metadata : times.objects) = now_;
      if (reached->milestone == Milestone::kMetadata && is_elastic(reached->unit)) {
        begin_codegen(reached->unit, graph::fit(graph_.phases(reached->unit), input_.durations[reached->unit]).codegen);
      }
    } else if (const auto* finished = std::get_if<Finished>(&event)) {
      UnitTimes& times = result_.units[finished->unit];
      times.finish = now_;
      memory_ -= peak_of(finished->unit);
      codegens_.remove(finished->unit);
      if (finished->outcome == Outcome::kSuccess && !times.metadata) {
        times.metadata = now_;
      }
      if (finished->outcome == Outcome::kSuccess && graph_.phases(finished->unit) == graph::Phases::kLinking) {
        times.link_start = now_ - input_.durations[finished->unit].link;
      }
      result_.makespan = now_;
    } else if (const auto* checked = std::get_if<Checked>(&event)) {
      if (checked->answer == CheckAnswer::kDone && scheduler_.state_of(checked->unit) == UnitState::kChecking) {
        result_.units[checked->unit].metadata = now_;
        result_.units[checked->unit].finish = now_;
      }
    }
  }

  void carry_out(Exchange exchange) {
    for (const Decision& decision : exchange.decisions) {
      std::visit([this](const auto& one) { on(one); }, decision);
    }
    if (input_.keeps_exchanges) {
      result_.exchanges.push_back(std::move(exchange));
    }
  }

  void on(const Check& check) {
    CheckAnswer answer = input_.check ? input_.check(check.unit) : CheckAnswer::kMustRun;
    mailbox_.push_back(Checked{check.unit, answer});
  }

  void on(const Start& start) {
    UnitId unit = start.unit;
    result_.units[unit].start = now_;
    memory_ += peak_of(unit);
    result_.most_memory = std::max(result_.most_memory, memory_);
    graph::PhaseDurations duration = graph::fit(graph_.phases(unit), input_.durations[unit]);
    if (graph_.phases(unit) != graph::Phases::kWhole) {
      expect(now_ + duration.frontend, Reached{unit, Milestone::kMetadata});
    }
    is_late_[unit] = static_cast<char>(graph_.is_late_linked(unit) && !scheduler_.is_complete_below(unit));
    if (is_elastic(unit) && graph_.phases(unit) == graph::Phases::kWhole) {
      begin_codegen(unit, duration.total());
    } else if (!is_elastic(unit)) {
      expect_after_codegen(unit, now_ + duration.frontend + duration.codegen);
    }
  }

  void on(const PermitLink& permit) {
    result_.units[permit.unit].link_start = now_;
    expect(now_ + input_.durations[permit.unit].link, Finished{permit.unit, outcome_of(permit.unit)});
  }

  void on(const RunAlone&) { PCARGO_CHECK(false); }  // nothing is ever killed here

  void on(const Cancel& cancel) { mailbox_.push_back(Finished{cancel.unit, Outcome::kCancelled}); }

  void on(const WantSlots& want) {
    if (wish_ == 0) {
      wish_since_ = now_;
    }
    wish_ = want.count;
    const int granted = std::min(wish_, free_slots());
    if (granted > 0) {
      wish_ -= granted;
      held_slots_ += granted;
      mailbox_.push_back(SlotsGranted{granted});
    }
  }

  void on(const ReturnSlot&) { --held_slots_; }

  void on(const BuildOver& over) {
    over_ = true;
    result_.outcome = over.outcome;
  }

  std::int64_t peak_of(UnitId unit) const {
    const auto& peaks = input_.true_peaks.empty() ? input_.peaks : input_.true_peaks;
    return peaks.empty() ? 0 : peaks[unit];
  }

  Outcome outcome_of(UnitId unit) const { return input_.outcomes.empty() ? Outcome::kSuccess : input_.outcomes[unit]; }

  const graph::ActionGraph& graph_;
  const SimulationInput& input_;
  Scheduler scheduler_;
  std::priority_queue<Pending, std::vector<Pending>, std::greater<>> future_;
  std::deque<Event> mailbox_;
  ElasticCodegen codegens_;
  IdMap<UnitId, char> is_late_;
  std::uint64_t sequence_ = 0;
  std::int64_t now_ = 0;
  std::int64_t memory_ = 0;
  int held_slots_ = 1;
  int wish_ = 0;  ///< of the scheduler's
  std::int64_t wish_since_ = 0;
  bool over_ = false;
  Schedule result_;
};

}  // namespace

Schedule simulate(const graph::ActionGraph& graph, const SimulationInput& input) {
  return Simulation(graph, input).run();
}

}  // namespace pcargo::schedule
