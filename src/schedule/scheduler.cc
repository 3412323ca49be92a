// SPDX-License-Identifier: MIT OR Apache-2.0
#include "schedule/scheduler.h"

#include "base/check.h"
#include "schedule/admission.h"
#include "schedule/milestones.h"
#include "schedule/ranked_queue.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace pcargo::schedule {

namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

}  // namespace

class Scheduler::Machine {
 public:
  Machine(const graph::ActionGraph& graph,
          IdMap<UnitId, std::int64_t> priority,
          Options options,
          IdMap<UnitId, std::int64_t> peaks)
      : graph_(graph),
        priority_(std::move(priority)),
        options_(options),
        milestones_(graph),
        admission_(priority_, options.max_late, options.memory, std::move(peaks)),
        units_(graph.size()) {
    PCARGO_CHECK(priority_.size() == graph.size());
    PCARGO_CHECK(options_.max_slots >= 1);
    counts_[index(UnitState::kWaiting)] = graph.size();
  }

  void begin(std::vector<Decision>* decisions) {
    PCARGO_CHECK(!begun_);
    begun_ = true;
    for (UnitId unit{0}; unit.value < units_.size(); ++unit.value) {
      if (milestones_.is_startable(unit)) {
        set_state(unit, UnitState::kReady);
      }
    }
    conclude(decisions);
  }

  void handle(const Event& event, std::vector<Decision>* decisions) {
    PCARGO_CHECK(begun_);
    if (over_) {
      return;
    }
    std::visit(Overloaded{
                   [&](const Checked& checked) { on(checked); },
                   [&](const Reached& reached) { on(reached, decisions); },
                   [&](const Finished& finished) { on(finished, decisions); },
                   [&](const KilledForMemory& killed) { on(killed, decisions); },
                   [&](const SlotsGranted& granted) { on(granted); },
                   [&](const StopRequested&) { on_stop(decisions); },
               },
               event);
    conclude(decisions);
  }

  UnitState state_of(UnitId unit) const { return units_[unit].state; }
  bool is_complete_below(UnitId unit) const { return milestones_.is_complete_below(unit); }
  bool was_held(UnitId unit) const { return admission_.was_held(unit); }
  MemoryShortage memory_shortage() const { return {admission_.is_short_of_memory(), admission_.ever_held()}; }

 private:
  struct Unit {
    UnitState state = UnitState::kWaiting;
    bool undecided = false;     ///< the next thing it waits for is the closure below, to be checked again
    bool below_failed = false;  ///< something that it depends on, however far down, failed
    bool cancel_issued = false;
  };

  static std::size_t index(UnitState state) { return static_cast<std::size_t>(state); }
  std::size_t count(UnitState state) const { return counts_[index(state)]; }
  Ranked ranked(UnitId unit) const { return Ranked{priority_[unit], unit}; }

  /// The one place where a unit changes its state. Keeps the counters, the slots in use and the queues true.
  void set_state(UnitId id, UnitState next) {
    Unit& unit = units_[id];
    PCARGO_CHECK(may_follow(unit.state, next));
    admission_.set_wish(id, Wish::kNothing);
    if (!holds_memory(unit.state) && holds_memory(next)) {
      admission_.enter(id);
    }
    if (next != UnitState::kAwaitingLink) {
      admission_.set_late(id, next == UnitState::kRunning && !is_complete_below(id) && links(id));
    }
    if (holds_memory(unit.state) && !holds_memory(next)) {
      admission_.leave(id);
    }
    --counts_[index(unit.state)];
    ++counts_[index(next)];
    busy_slots_ += static_cast<int>(holds_slot(next)) - static_cast<int>(holds_slot(unit.state));
    unit.state = next;
    switch (next) {
      case UnitState::kReady:
        newly_ready_.push_back(ranked(id));
        break;
      case UnitState::kChecking:
        checking_.push(ranked(id));
        break;
      case UnitState::kQueued:
        admission_.set_wish(id, links(id) && !is_complete_below(id) ? Wish::kLateStart : Wish::kStart);
        break;
      case UnitState::kAwaitingLink:
        link_if_complete(id);
        break;
      case UnitState::kAwaitingRoom:
        run_again_if_complete(id);
        break;
      default:
        break;
    }
  }

  void link_if_complete(UnitId id) {
    if (is_complete_below(id) && !units_[id].cancel_issued) {
      admission_.set_wish(id, Wish::kLink);
    }
  }

  /// In the ordinary way: what it links must be there.
  void run_again_if_complete(UnitId id) {
    if ((is_complete_below(id) || !links(id)) && !units_[id].cancel_issued) {
      admission_.set_wish(id, Wish::kRunAlone);
    }
  }

  bool links(UnitId unit) const { return graph_.phases(unit) == graph::Phases::kLinking; }

  // Events.

  void on(const Checked& checked) {
    Unit& unit = units_[checked.unit];
    if (unit.state == UnitState::kSkipped) {
      return;
    }
    PCARGO_CHECK(unit.state == UnitState::kChecking);
    switch (checked.answer) {
      case CheckAnswer::kDone:
        set_state(checked.unit, UnitState::kDone);
        reach_all(checked.unit);
        break;
      case CheckAnswer::kUndecided:
        if (!is_complete_below(checked.unit)) {
          unit.undecided = true;
          set_state(checked.unit, UnitState::kWaiting);
          break;
        }
        // Nothing is left to wait for: asking again would ask for ever, and to run is never wrong.
        [[fallthrough]];
      case CheckAnswer::kMustRun:
        set_state(checked.unit, UnitState::kQueued);
        break;
    }
  }

  void on(const Reached& reached, std::vector<Decision>* decisions) {
    Unit& unit = units_[reached.unit];
    PCARGO_CHECK(is_live(unit.state));
    PCARGO_CHECK(reached.milestone == Milestone::kMetadata || reached.milestone == Milestone::kObjects);
    if (reached.milestone == Milestone::kObjects) {
      PCARGO_CHECK(graph_.phases(reached.unit) == graph::Phases::kLinking);
      set_state(reached.unit, UnitState::kAwaitingLink);
      if (unit.below_failed) {
        cancel(reached.unit, decisions);
      }
    }
    reach(reached.unit, reached.milestone);
  }

  void on(const KilledForMemory& killed, std::vector<Decision>* decisions) {
    PCARGO_CHECK(is_live(units_[killed.unit].state) && !admission_.is_alone(killed.unit));
    set_state(killed.unit, UnitState::kAwaitingRoom);
    admission_.set_alone(killed.unit);
    if (units_[killed.unit].below_failed) {
      cancel(killed.unit, decisions);
    }
  }

  void on(const Finished& finished, std::vector<Decision>* decisions) {
    switch (finished.outcome) {
      case Outcome::kSuccess:
        set_live_to(finished.unit, UnitState::kDone);
        reach_all(finished.unit);
        return;
      case Outcome::kFailure:
        set_live_to(finished.unit, UnitState::kFailed);
        break;
      case Outcome::kCancelled:
        set_live_to(finished.unit, UnitState::kCancelled);
        break;
    }
    failed_ = true;
    give_up_dependents(finished.unit, decisions);
    if (!options_.keep_going) {
      skip_all_before_start();
    }
  }

  void on(const SlotsGranted& granted) {
    PCARGO_CHECK(granted.count >= 0);
    held_slots_ += granted.count;
  }

  void on_stop(std::vector<Decision>* decisions) {
    stopping_ = true;
    skip_all_before_start();
    for (UnitId unit{0}; unit.value < units_.size(); ++unit.value) {
      if (is_live(units_[unit].state)) {
        cancel(unit, decisions);
      }
    }
  }

  // What follows from an event.

  void set_live_to(UnitId unit, UnitState end) {
    PCARGO_CHECK(is_live(units_[unit].state));
    set_state(unit, end);
  }

  void cancel(UnitId id, std::vector<Decision>* decisions) {
    Unit& unit = units_[id];
    if (!unit.cancel_issued) {
      unit.cancel_issued = true;
      admission_.set_wish(id, Wish::kNothing);
      decisions->push_back(Cancel{id});
    }
  }

  void reach_all(UnitId unit) {
    reach(unit, Milestone::kMetadata);
    reach(unit, Milestone::kArtifact);
  }

  /// Wakes what waited for this milestone and for the closures that it completes.
  void reach(UnitId unit, Milestone milestone) {
    milestones_.reach(unit, milestone, &woken_);
    for (UnitId startable : woken_.startable) {
      if (units_[startable].state == UnitState::kWaiting) {
        set_state(startable, UnitState::kReady);
      }
    }
    for (UnitId complete : woken_.complete_below) {
      completed_below(complete);
    }
    woken_.startable.clear();
    woken_.complete_below.clear();
  }

  void completed_below(UnitId id) {
    Unit& unit = units_[id];
    if (unit.state == UnitState::kAwaitingLink) {
      link_if_complete(id);
    } else if (unit.state == UnitState::kAwaitingRoom && links(id)) {
      run_again_if_complete(id);
    } else if (admission_.wish_of(id) == Wish::kLateStart) {
      admission_.set_wish(id, Wish::kStart);
    }
    if (unit.undecided && unit.state == UnitState::kWaiting) {
      unit.undecided = false;
      set_state(id, UnitState::kReady);
    }
  }

  /// Nothing above a failed unit may start any more, and no link gate above it will ever open. Every other gate opens
  /// in the end, whatever is skipped: a unit starts only when all below it has started.
  void give_up_dependents(UnitId failed, std::vector<Decision>* decisions) {
    std::vector<UnitId> above = {failed};
    while (!above.empty()) {
      UnitId next = above.back();
      above.pop_back();
      for (const graph::Edge& edge : graph_.dependents(next)) {
        Unit& unit = units_[edge.unit];
        if (unit.below_failed) {
          continue;
        }
        unit.below_failed = true;
        above.push_back(edge.unit);
        if (is_before_start(unit.state)) {
          set_state(edge.unit, UnitState::kSkipped);
        } else if (unit.state == UnitState::kAwaitingLink || unit.state == UnitState::kAwaitingRoom) {
          cancel(edge.unit, decisions);
        }
      }
    }
  }

  void skip_all_before_start() {
    if (all_skipped_) {
      return;
    }
    all_skipped_ = true;
    for (UnitId unit{0}; unit.value < units_.size(); ++unit.value) {
      if (is_before_start(units_[unit].state)) {
        set_state(unit, UnitState::kSkipped);
      }
    }
  }

  // The end of each event: checks first, so that a better unit than those queued may still be found before a slot goes.

  void conclude(std::vector<Decision>* decisions) {
    check_newly_ready(decisions);
    hand_out_slots(decisions);
    return_surplus_slots(decisions);
    update_wish(decisions);
    end_if_nothing_is_left(decisions);
  }

  void check_newly_ready(std::vector<Decision>* decisions) {
    std::sort(newly_ready_.rbegin(), newly_ready_.rend());
    for (const Ranked& entry : newly_ready_) {
      if (units_[entry.unit].state == UnitState::kReady) {
        set_state(entry.unit, UnitState::kChecking);
        decisions->push_back(Check{entry.unit});
      }
    }
    newly_ready_.clear();
  }

  void hand_out_slots(std::vector<Decision>* decisions) {
    while (busy_slots_ < held_slots_) {
      const auto next = runs_alone() ? std::nullopt : admission_.next(busy_slots_ == 0);
      if (!next || waits_for_a_check({priority_[*next], *next})) {
        break;
      }
      give_slot(*next, decisions);
    }
    useful_slots_ = runs_alone() ? 0 : admission_.useful_slots(busy_slots_ == 0);
  }

  void give_slot(UnitId unit, std::vector<Decision>* decisions) {
    switch (units_[unit].state) {
      case UnitState::kQueued:
        set_state(unit, UnitState::kRunning);
        decisions->push_back(Start{unit});
        return;
      case UnitState::kAwaitingRoom:
        set_state(unit, UnitState::kRunning);
        alone_ = unit;
        decisions->push_back(RunAlone{unit});
        return;
      default:
        set_state(unit, UnitState::kLinking);
        decisions->push_back(PermitLink{unit});
    }
  }

  bool runs_alone() const { return alone_ && units_[*alone_].state == UnitState::kRunning; }

  /// Is the answer still out for a unit that would go before this one?
  bool waits_for_a_check(const Ranked& queued) {
    const Ranked* checking = checking_.top([&](UnitId unit) { return units_[unit].state == UnitState::kChecking; });
    return checking != nullptr && queued < *checking;
  }

  /// A free slot is kept for what is queued and for what may be queued at the next answer: back in the pool, it would
  /// be lost to a compiler's codegen threads.
  void return_surplus_slots(std::vector<Decision>* decisions) {
    std::size_t claims = useful_slots_ + count(UnitState::kChecking);
    while (held_slots_ > 1 && held_slots_ > busy_slots_ &&
           static_cast<std::size_t>(held_slots_ - busy_slots_) > claims) {
      --held_slots_;
      decisions->push_back(ReturnSlot{});
    }
  }

  void update_wish(std::vector<Decision>* decisions) {
    auto queued_units = static_cast<std::int64_t>(useful_slots_);
    std::int64_t beyond_free = queued_units - (held_slots_ - busy_slots_);
    std::int64_t allowed = options_.max_slots - held_slots_;
    int wish = static_cast<int>(std::max<std::int64_t>(0, std::min(beyond_free, allowed)));
    if (wish != wish_) {
      wish_ = wish;
      decisions->push_back(WantSlots{wish});
    }
  }

  void end_if_nothing_is_left(std::vector<Decision>* decisions) {
    std::size_t ended =
        count(UnitState::kDone) + count(UnitState::kFailed) + count(UnitState::kCancelled) + count(UnitState::kSkipped);
    if (ended != units_.size()) {
      // Somebody must owe us an event, or the build would hang.
      PCARGO_CHECK(count(UnitState::kWaiting) + count(UnitState::kReady) + ended < units_.size());
      return;
    }
    over_ = true;
    Outcome outcome = failed_ ? Outcome::kFailure : Outcome::kSuccess;
    decisions->push_back(BuildOver{stopping_ ? Outcome::kCancelled : outcome});
  }

  const graph::ActionGraph& graph_;
  const IdMap<UnitId, std::int64_t> priority_;
  const Options options_;

  Milestones milestones_;
  Milestones::Woken woken_;  ///< empty but while an event is handled
  Admission admission_;
  IdMap<UnitId, Unit> units_;
  std::array<std::size_t, kUnitStateCount> counts_{};
  RankedQueue checking_;         ///< Checking units
  std::optional<UnitId> alone_;  ///< the last one that was to run alone
  std::vector<Ranked> newly_ready_;

  int held_slots_ = 1;
  int busy_slots_ = 0;
  int wish_ = 0;
  std::size_t useful_slots_ = 0;  ///< what slots could be used for, now

  bool begun_ = false;
  bool failed_ = false;
  bool stopping_ = false;
  bool all_skipped_ = false;
  bool over_ = false;
};

Scheduler::Scheduler(const graph::ActionGraph& graph,
                     IdMap<UnitId, std::int64_t> priority,
                     Options options,
                     IdMap<UnitId, std::int64_t> peaks)
    : machine_(std::make_unique<Machine>(graph, std::move(priority), options, std::move(peaks))) {}

Scheduler::~Scheduler() = default;

void Scheduler::begin(std::vector<Decision>* decisions) {
  machine_->begin(decisions);
}

void Scheduler::handle(const Event& event, std::vector<Decision>* decisions) {
  machine_->handle(event, decisions);
}

UnitState Scheduler::state_of(UnitId unit) const {
  return machine_->state_of(unit);
}

bool Scheduler::is_complete_below(UnitId unit) const {
  return machine_->is_complete_below(unit);
}

bool Scheduler::was_held(UnitId unit) const {
  return machine_->was_held(unit);
}

MemoryShortage Scheduler::memory_shortage() const {
  return machine_->memory_shortage();
}

}  // namespace pcargo::schedule
