// SPDX-License-Identifier: MIT OR Apache-2.0
#include "schedule/scheduler.h"

#include "base/check.h"
#include "schedule/memory_room.h"
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
        room_(options.memory, std::move(peaks), priority_),
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
  MemoryShortage memory_shortage() const { return {room_.holds_any(), room_.ever_held()}; }

 private:
  struct Unit {
    UnitState state = UnitState::kWaiting;
    bool undecided = false;     ///< the next thing it waits for is the closure below, to be checked again
    bool below_failed = false;  ///< something that it depends on, however far down, failed
    bool at_open_gate = false;  ///< AwaitingLink, not cancelled, nothing missing below: ranked in queue_
    bool cancel_issued = false;
    bool is_late = false;                ///< started with something missing below, and its gate not opened yet
    bool is_parked = false;              ///< Queued, but taken out of queue_: as many as may be are late
    bool is_held = false;                ///< taken out of queue_: there is no memory for it
  };

  static std::size_t index(UnitState state) { return static_cast<std::size_t>(state); }
  std::size_t count(UnitState state) const { return counts_[index(state)]; }
  Ranked ranked(UnitId unit) const { return Ranked{priority_[unit], unit}; }

  /// The one place where a unit changes its state. Keeps the counters, the slots in use and the queues true.
  void set_state(UnitId id, UnitState next) {
    Unit& unit = units_[id];
    PCARGO_CHECK(may_follow(unit.state, next));
    close_gate_rank(&unit);
    late_queued_ -= static_cast<std::size_t>(would_be_late(id));
    unit.is_parked = false;
    release(id);
    if (!holds_memory(unit.state) && holds_memory(next)) {
      room_.enter(id);
    }
    if (next != UnitState::kAwaitingLink) {
      set_late(id, next == UnitState::kRunning && !is_complete_below(id) && links(id));
    }
    if (holds_memory(unit.state) && !holds_memory(next)) {
      room_.leave(id);
    }
    --counts_[index(unit.state)];
    ++counts_[index(next)];
    busy_slots_ += static_cast<int>(holds_slot(next)) - static_cast<int>(holds_slot(unit.state));
    unit.state = next;
    late_queued_ += static_cast<std::size_t>(would_be_late(id));
    switch (next) {
      case UnitState::kReady:
        newly_ready_.push_back(ranked(id));
        break;
      case UnitState::kChecking:
        checking_.push(ranked(id));
        break;
      case UnitState::kQueued:
        queue_.push(ranked(id));
        break;
      case UnitState::kAwaitingLink:
        rank_gate_if_open(id);
        break;
      case UnitState::kAwaitingRoom:
        rank_if_it_may_run_again(id);
        break;
      default:
        break;
    }
  }

  void rank_gate_if_open(UnitId id) {
    Unit& unit = units_[id];
    if (unit.state == UnitState::kAwaitingLink && is_complete_below(id) && !unit.cancel_issued) {
      unit.at_open_gate = true;
      ++open_gates_;
      queue_.push(ranked(id));
    }
  }

  /// In the ordinary way: what it links must be there.
  void rank_if_it_may_run_again(UnitId id) {
    if (may_run_again(units_[id], id)) {
      queue_.push(ranked(id));
    }
  }

  bool may_run_again(const Unit& unit, UnitId id) const {
    return unit.state == UnitState::kAwaitingRoom && !unit.cancel_issued && (is_complete_below(id) || !links(id));
  }

  bool links(UnitId unit) const { return graph_.phases(unit) == graph::Phases::kLinking; }

  /// Queued, and something is missing below its link?
  bool would_be_late(UnitId id) const {
    return units_[id].state == UnitState::kQueued && !is_complete_below(id) && links(id);
  }

  void park(UnitId id) {
    units_[id].is_parked = true;
    parked_.push_back(id);
  }

  void unpark(UnitId id) {
    if (std::exchange(units_[id].is_parked, false)) {
      queue_.push(ranked(id));
    }
  }

  void set_late(UnitId id, bool is_late) {
    if (std::exchange(units_[id].is_late, is_late) == is_late) {
      return;
    }
    late_ += is_late ? 1 : -1;
    room_.set_late(id, is_late);
    if (!is_late) {
      for (UnitId parked : std::exchange(parked_, {})) {
        unpark(parked);
      }
    }
  }

  void hold(UnitId id) {
    units_[id].is_held = true;
    room_.hold(id);
  }

  void release(UnitId id) {
    if (std::exchange(units_[id].is_held, false)) {
      room_.release(id);
    }
  }

  void close_gate_rank(Unit* unit) {
    open_gates_ -= static_cast<std::size_t>(unit->at_open_gate);
    unit->at_open_gate = false;
  }

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
    PCARGO_CHECK(is_live(units_[killed.unit].state) && !room_.is_alone(killed.unit));
    set_state(killed.unit, UnitState::kAwaitingRoom);
    room_.set_alone(killed.unit);
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
      close_gate_rank(&unit);
      release(id);
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
    // It would have been late until now.
    late_queued_ -= static_cast<std::size_t>(unit.state == UnitState::kQueued && links(id));
    rank_gate_if_open(id);
    rank_if_it_may_run_again(id);
    unpark(id);
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
      const auto next = next_for_a_slot();
      if (!next || waits_for_a_check(ranked(*next))) {
        break;
      }
      give_slot(*next, decisions);
    }
    // Where memory is short a slot more is wished for only when somebody could use it.
    useful_slots_ = runs_alone()        ? 0
                    : room_.holds_any() ? static_cast<std::size_t>(next_for_a_slot().has_value())
                                        : queued();
  }

  void give_slot(UnitId unit, std::vector<Decision>* decisions) {
    if (!units_[unit].is_held) {
      queue_.pop();
    }
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

  /// The best unit that there is memory for; those that it passes are held or parked. What waits at its gate has its
  /// memory.
  std::optional<UnitId> next_for_a_slot() {
    while (!runs_alone()) {
      const Ranked* queued = queue_.top([&](UnitId unit) { return wants_slot(units_[unit], unit); });
      const auto held = room_.best_held(is_empty());
      const bool is_held = held && (queued == nullptr || *queued < ranked(*held));
      if (!is_held && queued == nullptr) {
        return std::nullopt;
      }
      const UnitId unit = is_held ? *held : queued->unit;
      if (would_be_late(unit) && is_late_enough()) {
        take_out(unit);
        park(unit);
      } else if (is_held || units_[unit].at_open_gate || room_.has_room_for(unit, is_empty())) {
        return unit;
      } else {
        take_out(unit);
        hold(unit);
      }
    }
    return std::nullopt;
  }

  void take_out(UnitId unit) {
    if (units_[unit].is_held) {
      release(unit);
    } else {
      queue_.pop();
    }
  }

  bool wants_slot(const Unit& unit, UnitId id) const {
    return !unit.is_held &&
           ((unit.state == UnitState::kQueued && !unit.is_parked) || unit.at_open_gate || may_run_again(unit, id));
  }

  /// All that is under way, if anything, waits for something that has not begun.
  bool is_empty() const { return busy_slots_ == 0 && open_gates_ == 0; }

  bool runs_alone() const { return alone_ && units_[*alone_].state == UnitState::kRunning; }

  bool is_late_enough() const { return late_ >= options_.max_late || !room_.has_room_for_late(); }

  /// Is the answer still out for a unit that would go before this one?
  bool waits_for_a_check(const Ranked& queued) {
    const Ranked* checking = checking_.top([&](UnitId unit) { return units_[unit].state == UnitState::kChecking; });
    return checking != nullptr && queued < *checking;
  }

  /// All that a slot could be used for.
  std::size_t queued() const { return count(UnitState::kQueued) - (is_late_enough() ? late_queued_ : 0) + open_gates_; }

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
  MemoryRoom room_;
  IdMap<UnitId, Unit> units_;
  std::array<std::size_t, kUnitStateCount> counts_{};
  std::size_t open_gates_ = 0;
  std::size_t late_queued_ = 0;
  int late_ = 0;
  RankedQueue queue_;            ///< Queued units and those at an open gate
  RankedQueue checking_;         ///< Checking units
  std::vector<UnitId> parked_;   ///< and some that are not any more
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

MemoryShortage Scheduler::memory_shortage() const {
  return machine_->memory_shortage();
}

}  // namespace pcargo::schedule
