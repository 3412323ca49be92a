// SPDX-License-Identifier: MIT OR Apache-2.0
#include "schedule/simulator.h"

#include "base/check.h"

#include <algorithm>
#include <cmath>
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
      const auto codegen_ends = next_codegen_end();
      if (codegen_ends && (future_.empty() || *codegen_ends < future_.top().time)) {
        pass_time_until(*codegen_ends);
        end_codegen();
        continue;
      }
      PCARGO_CHECK(!future_.empty());
      Pending next = future_.top();
      future_.pop();
      pass_time_until(next.time);
      return next.event;
    }
  }

  // Elastic codegen. Free slots go to those that have been at it longest.

  struct Codegen {
    UnitId unit;
    double work = 0;  ///< nanoseconds of one thread that are left
    double speed = 1;
  };

  bool is_elastic(UnitId unit) const {
    return !input_.codegen_threads.empty() && input_.codegen_threads[unit] > 1 &&
           graph_.phases(unit) != graph::Phases::kWhole;
  }

  void share_free_slots() {
    auto free = static_cast<unsigned>(std::max(0, input_.slots - held_slots_));
    for (Codegen& codegen : codegens_) {
      const unsigned more = std::min(free, input_.codegen_threads[codegen.unit] - 1);
      codegen.speed = 1 / (input_.serial_share + (1 - input_.serial_share) / (1.0 + more));
      free -= more;
    }
  }

  std::optional<std::int64_t> next_codegen_end() {
    share_free_slots();
    std::optional<std::int64_t> first;
    for (const Codegen& codegen : codegens_) {
      const auto end = now_ + static_cast<std::int64_t>(std::ceil(codegen.work / codegen.speed));
      first = first ? std::min(*first, end) : end;
    }
    return first;
  }

  void pass_time_until(std::int64_t time) {
    for (Codegen& codegen : codegens_) {
      codegen.work -= static_cast<double>(time - now_) * codegen.speed;
    }
    now_ = time;
  }

  void end_codegen() {
    const auto ended =
        std::find_if(codegens_.begin(), codegens_.end(), [](const Codegen& one) { return one.work < 1; });
    PCARGO_CHECK(ended != codegens_.end());
    const UnitId unit = ended->unit;
    codegens_.erase(ended);
    expect_after_codegen(unit, now_);
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
        const auto work = graph::fit(graph_.phases(reached->unit), input_.durations[reached->unit]).codegen;
        codegens_.push_back({reached->unit, static_cast<double>(work)});
      }
    } else if (const auto* finished = std::get_if<Finished>(&event)) {
      UnitTimes& times = result_.units[finished->unit];
      times.finish = now_;
      memory_ -= peak_of(finished->unit);
      std::erase_if(codegens_, [&](const Codegen& one) { return one.unit == finished->unit; });
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
    result_.exchanges.push_back(std::move(exchange));
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
    if (!is_elastic(unit)) {
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
    int granted = std::min(want.count, input_.slots - held_slots_);
    if (granted > 0) {
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
  std::vector<Codegen> codegens_;  ///< elastic ones, in the order in which they began
  IdMap<UnitId, char> is_late_;
  std::uint64_t sequence_ = 0;
  std::int64_t now_ = 0;
  std::int64_t memory_ = 0;
  int held_slots_ = 1;
  bool over_ = false;
  Schedule result_;
};

}  // namespace

Schedule simulate(const graph::ActionGraph& graph, const SimulationInput& input) {
  return Simulation(graph, input).run();
}

}  // namespace pcargo::schedule
