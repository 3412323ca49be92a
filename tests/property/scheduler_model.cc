// SPDX-License-Identifier: MIT OR Apache-2.0
#include "scheduler_model.h"

#include "phase_oracle.h"
#include "schedule/scheduler.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace pcargo::test {

namespace {

using namespace schedule;  // NOLINT: this file speaks of nothing else

struct Chances {
  std::uint32_t fresh = 0;
  std::uint32_t undecided = 0;
  std::uint32_t failure = 0;
  std::uint32_t grant = 0;
  std::uint32_t too_many = 0;
  std::uint32_t kill = 0;      ///< for memory
  std::uint32_t stop = 0;      ///< in a thousand, at each step
  bool answers_first = false;  ///< checks are answered before anything else happens
};

/// What is true of a unit, as the world sees it.
struct Known {
  int checks = 0;
  int starts = 0;
  bool killed = false;       ///< for memory
  bool awaits_room = false;  ///< killed, and not run again
  bool alone = false;        ///< runs, or has run, once more
  bool check_is_out = false;
  bool undecided = false;
  bool must_run = false;  ///< said by the last answer
  bool fresh = false;
  bool live = false;
  bool at_gate = false;
  bool permitted = false;
  bool late = false;  ///< started before all it links was there
  bool cancel_asked = false;
  bool metadata = false;
  bool artifact = false;
  std::optional<Outcome> ended;

  bool holds_slot() const { return live && !at_gate && !awaits_room; }
  bool holds_memory() const { return live && !awaits_room; }
};

class World {
 public:
  World(const NodeMap& nodes, std::uint64_t seed, WorldStatistics* statistics)
      : nodes_(nodes),
        random_(seed),
        of_memory_(seed + 1),
        statistics_(statistics),
        below_(everything_below(nodes)),
        priority_(random_priority(&random_, nodes.size())),
        graph_(*graph::ActionGraph::build(nodes)),
        known_(nodes.size()) {
    options_.keep_going = random_.chance(50);
    options_.max_slots = static_cast<int>(random_.between(1, 8));
    options_.max_late = random_.chance(50) ? static_cast<int>(random_.below(4)) : options_.max_late;
    chances_.fresh = random_.chance(50) ? random_.below(60) : 0;
    chances_.undecided = random_.chance(50) ? random_.below(40) : 0;
    chances_.failure = random_.chance(60) ? random_.below(25) : 0;
    chances_.grant = 10 + random_.below(80);
    chances_.too_many = random_.below(20);
    chances_.stop = random_.chance(30) ? random_.below(30) : 0;
    chances_.answers_first = random_.chance(50);
    if (of_memory_.chance(40)) {
      const std::int64_t most = of_memory_.between(1, 30);
      peaks_ = IdMap<UnitId, std::int64_t>(nodes_.size(), 0);
      for (std::int64_t& peak : peaks_) {
        peak = of_memory_.between(0, most);
      }
      options_.memory = of_memory_.between(0, 3 * most);
    }
    chances_.kill = of_memory_.chance(30) ? of_memory_.below(20) : 0;
  }

  std::optional<std::string> run() {
    Scheduler scheduler(graph_, priority_, options_, peaks_);
    std::vector<Decision> decisions;
    scheduler.begin(&decisions);
    judge(decisions);
    while (!over_ && !broken_) {
      std::optional<Event> event = next_event();
      if (!event) {
        expect(false, "nothing can happen any more, but the build is not over");
        break;
      }
      note(*event);
      decisions.clear();
      scheduler.handle(*event, &decisions);
      judge(decisions);
    }
    if (!broken_) {
      judge_end(scheduler);
    }
    return broken_;
  }

 private:
  void expect(bool condition, const std::string& claim) {
    if (!condition && !broken_) {
      broken_ = claim;
    }
  }
  void expect(bool condition, UnitId unit, const std::string& claim) {
    expect(condition, "u" + std::to_string(unit.value) + " " + claim);
  }

  template <class Function>
  void for_each(Function function) const {
    for (UnitId unit{0}; unit.value < nodes_.size(); ++unit.value) {
      function(unit);
    }
  }
  template <class Predicate>
  int count(Predicate predicate) const {
    int result = 0;
    for_each([&](UnitId unit) { result += predicate(unit) ? 1 : 0; });
    return result;
  }
  template <class Predicate>
  bool any_below(UnitId unit, Predicate predicate) const {
    return count([&](UnitId other) { return below_[unit.value][other.value] && predicate(other); }) > 0;
  }

  // The naive account.

  bool closure(UnitId unit) const { return known_[unit].artifact && all_below_there(unit); }
  bool all_below_there(UnitId unit) const {
    return !any_below(unit, [&](UnitId other) { return !known_[other].artifact; });
  }
  bool failed(UnitId unit) const { return known_[unit].ended && *known_[unit].ended != Outcome::kSuccess; }
  bool below_failed(UnitId unit) const {
    return any_below(unit, [&](UnitId other) { return failed(other); });
  }
  bool any_failed() const {
    return count([&](UnitId unit) { return failed(unit); }) > 0;
  }
  bool ending() const { return stopped_ || (any_failed() && !options_.keep_going); }
  bool may_begin(UnitId unit) const { return !ending() && !below_failed(unit); }
  bool reached(const graph::Edge& edge) const {
    switch (edge.waits) {
      case Milestone::kMetadata:
        return known_[edge.unit].metadata;
      case Milestone::kClosure:
        return closure(edge.unit);
      default:
        return known_[edge.unit].artifact;
    }
  }
  bool all_reached(UnitId unit) const {
    const auto& edges = nodes_[unit].dependencies;
    return std::all_of(edges.begin(), edges.end(), [&](const graph::Edge& edge) { return reached(edge); });
  }
  bool is_checkable(UnitId unit) const {
    const Known& known = known_[unit];
    bool asks = known.checks == 0 || (known.undecided && all_below_there(unit));
    return asks && !known.check_is_out && may_begin(unit) && all_reached(unit);
  }
  bool is_queued(UnitId unit) const {
    const Known& known = known_[unit];
    if (known.at_gate) {
      return !known.cancel_asked && all_below_there(unit);
    }
    if (known.awaits_room) {
      return !known.cancel_asked && !would_be_late(unit);
    }
    return known.must_run && known.starts == 0 && may_begin(unit) && !(would_be_late(unit) && is_late_enough());
  }
  bool would_be_late(UnitId unit) const {
    return graph_.phases(unit) == graph::Phases::kLinking && !all_below_there(unit);
  }
  bool is_late_enough() const {
    return count([&](UnitId unit) {
             const Known& known = known_[unit];
             return known.late && known.live && !known.permitted;
           }) >= options_.max_late ||
           late_memory() + 2 * largest() > options_.memory;
  }
  bool is_checking(UnitId unit) const { return known_[unit].check_is_out && may_begin(unit); }
  bool outranks(UnitId one, UnitId other) const {
    return priority_[one] != priority_[other] ? priority_[one] > priority_[other] : one < other;
  }
  int busy() const {
    return count([&](UnitId unit) { return known_[unit].holds_slot(); });
  }
  int queued() const {
    return count([&](UnitId unit) { return is_queued(unit); });
  }
  int checking() const {
    return count([&](UnitId unit) { return is_checking(unit); });
  }

  // Memory.

  std::int64_t peak(UnitId unit) const { return peaks_.empty() ? 0 : peaks_[unit]; }
  std::int64_t largest() const { return peaks_.empty() ? 0 : *std::max_element(peaks_.begin(), peaks_.end()); }
  template <class Predicate>
  std::int64_t memory_of(Predicate predicate) const {
    std::int64_t sum = 0;
    for_each([&](UnitId unit) { sum += known_[unit].holds_memory() && predicate(unit) ? peak(unit) : 0; });
    return sum;
  }
  std::int64_t memory() const {
    return memory_of([](UnitId) { return true; });
  }
  std::int64_t late_memory() const {
    return memory_of([&](UnitId unit) { return known_[unit].late && !known_[unit].permitted; });
  }
  bool is_scarce() const { return !peaks_.empty() || chances_.kill > 0; }
  /// Nothing is under way that could end without another unit's beginning.
  bool nothing_runs() const {
    return count([&](UnitId unit) { return known_[unit].holds_slot() || (known_[unit].at_gate && is_queued(unit)); }) ==
           0;
  }
  bool runs_alone() const {
    return count([&](UnitId unit) { return known_[unit].alone && known_[unit].live; }) > 0;
  }
  /// If nobody else waited for memory.
  bool has_memory(UnitId unit) const {
    if (runs_alone()) {
      return false;
    }
    return known_[unit].at_gate || nothing_runs() ||
           (!known_[unit].awaits_room && memory() + peak(unit) <= options_.memory);
  }
  bool must_wait_for_better(UnitId unit) const {
    return count([&](UnitId other) { return is_queued(other) && outranks(other, unit) && !has_memory(other); }) > 0;
  }
  /// The best of those that wait for memory. What was let in past the one before has nothing to do with it.
  void look_who_waits() {
    std::optional<UnitId> best;
    for_each([&](UnitId unit) {
      best = is_queued(unit) && !has_memory(unit) && (!best || outranks(unit, *best)) ? unit : best;
    });
    if (best != waits_) {
      waits_ = best;
      passed_.clear();
    }
  }
  /// All that slots must be used for. For one that is to run alone there is the slot that is never returned.
  int useful() const {
    if (!is_scarce()) {
      return queued();
    }
    return count([&](UnitId unit) {
             return is_queued(unit) && !known_[unit].awaits_room && has_memory(unit) && !must_wait_for_better(unit);
           }) > 0
               ? 1
               : 0;
  }

  // What happens.

  template <class Predicate>
  std::optional<UnitId> any_unit(Predicate predicate) {
    std::vector<UnitId> found;
    for_each([&](UnitId unit) {
      if (predicate(unit)) {
        found.push_back(unit);
      }
    });
    if (found.empty()) {
      return std::nullopt;
    }
    return found[random_.below(found.size())];
  }

  std::optional<Event> next_event() {
    auto unanswered = any_unit([&](UnitId unit) { return known_[unit].check_is_out; });
    auto live = any_unit([&](UnitId unit) {
      const Known& known = known_[unit];
      return known.live && (!(known.at_gate || known.awaits_room) || known.cancel_asked);
    });
    if (!stopped_ && random_.below(1000) < chances_.stop) {
      return StopRequested{};
    }
    if (unanswered && (chances_.answers_first || !live || random_.chance(50))) {
      return Checked{*unanswered, answer_for(*unanswered)};
    }
    if ((wish_ > 0 && random_.chance(chances_.grant)) || random_.below(200) < chances_.too_many) {
      return SlotsGranted{static_cast<int>(random_.below(static_cast<std::uint32_t>(wish_) + 2))};
    }
    if (live) {
      return advance(*live);
    }
    return std::nullopt;
  }

  CheckAnswer answer_for(UnitId) {
    if (random_.chance(chances_.fresh)) {
      return CheckAnswer::kDone;
    }
    return random_.chance(chances_.undecided) ? CheckAnswer::kUndecided : CheckAnswer::kMustRun;
  }

  Event advance(UnitId unit) {
    const Known& known = known_[unit];
    if (known.cancel_asked && random_.chance(70)) {
      return Finished{unit, Outcome::kCancelled};
    }
    if (known.awaits_room) {
      return Finished{unit, Outcome::kCancelled};
    }
    if (!known.killed && !known.cancel_asked && of_memory_.chance(chances_.kill)) {
      return KilledForMemory{unit};
    }
    if (known.at_gate || random_.chance(chances_.failure)) {
      return Finished{unit, Outcome::kFailure};
    }
    if (!known.metadata && random_.chance(70)) {
      return Reached{unit, Milestone::kMetadata};
    }
    if (graph_.is_late_linked(unit) && !known.permitted && !known.alone) {
      return Reached{unit, Milestone::kObjects};
    }
    return Finished{unit, Outcome::kSuccess};
  }

  void note(const Event& event) {
    struct Note {
      World& world;
      void operator()(const Checked& checked) const { world.note_answer(checked); }
      void operator()(const Reached& reached) const {
        Known& known = world.known_[reached.unit];
        (reached.milestone == Milestone::kMetadata ? known.metadata : known.at_gate) = true;
      }
      void operator()(const Finished& finished) const { world.note_end(finished); }
      void operator()(const KilledForMemory& killed) const {
        Known& known = world.known_[killed.unit];
        known.killed = known.awaits_room = true;
        known.at_gate = known.permitted = known.late = false;
      }
      void operator()(const SlotsGranted& granted) const { world.held_ += granted.count; }
      void operator()(const StopRequested&) const {
        world.stopped_ = true;
        ++world.statistics_->stops;
      }
    };
    std::visit(Note{*this}, event);
  }

  void note_answer(const Checked& checked) {
    Known& known = known_[checked.unit];
    known.check_is_out = false;
    if (!may_begin(checked.unit)) {
      return;
    }
    if (checked.answer == CheckAnswer::kDone) {
      known.fresh = known.metadata = known.artifact = true;
      ++statistics_->fresh;
      return;
    }
    known.undecided = checked.answer == CheckAnswer::kUndecided && !all_below_there(checked.unit);
    known.must_run = !known.undecided;
  }

  void note_end(const Finished& finished) {
    Known& known = known_[finished.unit];
    known.live = known.at_gate = known.awaits_room = false;
    known.ended = finished.outcome;
    if (finished.outcome == Outcome::kSuccess) {
      known.metadata = known.artifact = true;
    } else {
      ++statistics_->failures;
    }
  }

  // What is decided.

  void judge(const std::vector<Decision>& decisions) {
    for (const Decision& decision : decisions) {
      expect(!over_, "a decision after BuildOver");
      std::visit([this](const auto& one) { decide(one); }, decision);
    }
    if (!over_ && !broken_) {
      judge_pause();
    }
  }

  void decide(const Check& check) {
    expect(is_checkable(check.unit), check.unit, "is checked, but may not be");
    Known& known = known_[check.unit];
    statistics_->asked_again += known.checks > 0 ? 1 : 0;
    ++known.checks;
    known.check_is_out = true;
    known.undecided = false;
  }

  void decide(const Start& start) {
    Known& known = known_[start.unit];
    expect(known.starts == 0, start.unit, "starts twice");
    expect(known.must_run, start.unit, "starts without the answer that it must");
    expect(all_reached(start.unit), start.unit, "starts before a milestone that it needs");
    expect(!below_failed(start.unit), start.unit, "starts above a failed unit");
    expect(!ending(), start.unit, "starts though the build is ending");
    expect(!would_be_late(start.unit) || !is_late_enough(), start.unit, "is one late unit too many");
    judge_slot_for(start.unit);
    judge_memory_for(start.unit);
    known.late = would_be_late(start.unit);
    statistics_->late += known.late ? 1 : 0;
    ++known.starts;
    known.live = true;
    ++statistics_->starts;
  }

  void decide(const PermitLink& permit) {
    Known& known = known_[permit.unit];
    expect(known.at_gate, permit.unit, "may link, but is not at the gate");
    expect(all_below_there(permit.unit), permit.unit, "may link before an artifact below it is there");
    expect(!known.cancel_asked, permit.unit, "may link though it is cancelled");
    judge_slot_for(permit.unit);
    known.at_gate = false;
    known.permitted = true;
    ++statistics_->links_permitted;
  }

  void decide(const RunAlone& again) {
    Known& known = known_[again.unit];
    expect(known.awaits_room, again.unit, "runs again, but was not killed for memory");
    expect(!known.cancel_asked, again.unit, "runs again though it is cancelled");
    expect(!would_be_late(again.unit), again.unit, "runs again before what it links is there");
    expect(nothing_runs(), again.unit, "is to run alone beside others");
    judge_slot_for(again.unit);
    known.awaits_room = false;
    known.alone = true;
    ++statistics_->run_alone;
  }

  void judge_memory_for(UnitId unit) {
    expect(!runs_alone(), unit, "starts beside one that is to run alone");
    const bool fits = memory() + peak(unit) <= options_.memory;
    expect(fits || nothing_runs(), unit, "starts over the limit of memory beside others");
    expect(fits || memory() == 0 || largest() > options_.memory, unit, "starts over the limit beside gates");
    statistics_->too_big += fits ? 0 : 1;
    look_who_waits();
    if (waits_ && outranks(*waits_, unit)) {
      // Whom it passes could start when all is over that ran before, whatever comes of those that passed.
      ++statistics_->passed;
      expect(!known_[*waits_].awaits_room, unit, "passes one that is to run alone");
      passed_.insert(unit);
      const auto by_passing = memory_of([&](UnitId other) { return passed_.count(other) > 0; });
      expect(by_passing + peak(unit) + late_memory() + peak(*waits_) <= options_.memory, unit, "starves a better unit");
    }
  }

  void judge_slot_for(UnitId unit) {
    expect(busy() < held_, unit, "takes a slot that is not there");
    for_each([&](UnitId other) {
      const bool is_better = other != unit && is_queued(other) && outranks(other, unit);
      expect(!is_better || !has_memory(other) || must_wait_for_better(other), unit, "takes the slot of a better unit");
    });
    expect(!is_outranked_by_a_check(unit), unit, "takes a slot though a better unit is being checked");
  }

  void decide(const Cancel& cancel) {
    Known& known = known_[cancel.unit];
    expect(known.live, cancel.unit, "is cancelled, but does not run");
    expect(!known.cancel_asked, cancel.unit, "is cancelled twice");
    expect(stopped_ || ((known.at_gate || known.awaits_room) && below_failed(cancel.unit)),
           cancel.unit,
           "is cancelled without a reason");
    known.cancel_asked = true;
    statistics_->gates_cancelled += known.at_gate ? 1 : 0;
  }

  void decide(const WantSlots& want) {
    expect(want.count != wish_, "the same wish again");
    wish_ = want.count;
  }

  void decide(const ReturnSlot&) {
    expect(held_ > 1, "the implicit slot is returned");
    expect(busy() < held_, "a slot in use is returned");
    expect(held_ - busy() > useful() + checking(), "a slot is returned that is or may be needed");
    --held_;
    ++statistics_->slots_returned;
  }

  void decide(const BuildOver& over) {
    over_ = true;
    outcome_ = over.outcome;
  }

  /// Nothing more is decided until the next event: nothing may be left undone.
  void judge_pause() {
    int free = held_ - busy();
    expect(free >= 0, "more slots in use than granted");
    look_who_waits();
    int least = std::max(0, std::min(useful() - free, options_.max_slots - held_));
    int most = std::max(0, std::min(queued() - free, options_.max_slots - held_));
    expect(wish_ >= least && wish_ <= most,
           "the wish is " + std::to_string(wish_) + ", should be " + std::to_string(least) + " to " +
               std::to_string(most));
    expect(held_ == 1 || free <= queued() + checking(), "a surplus slot is kept");
    for_each([&](UnitId unit) {
      expect(!is_checkable(unit), unit, "may be checked, but is not");
      const bool could_start = is_queued(unit) && has_memory(unit) && !must_wait_for_better(unit);
      expect(free == 0 || !could_start || is_outranked_by_a_check(unit), unit, "is queued beside a free slot");
      const Known& known = known_[unit];
      expect(!known.at_gate || known.cancel_asked || !below_failed(unit), unit, "waits at a gate that never opens");
      expect(!known.awaits_room || known.cancel_asked || !below_failed(unit), unit, "waits to run again for nothing");
      expect(!known.live || known.cancel_asked || !stopped_, unit, "was not cancelled by the interrupt");
    });
    expect(!is_all_at_gates(), "all that runs waits at a gate");
  }

  bool is_outranked_by_a_check(UnitId unit) const {
    return count([&](UnitId other) { return is_checking(other) && outranks(other, unit); }) > 0;
  }

  bool is_all_at_gates() const {
    int waiting = count([&](UnitId unit) { return known_[unit].at_gate && !known_[unit].cancel_asked; });
    return waiting > 0 && busy() == 0 && checking() == 0;
  }

  void judge_end(const Scheduler& scheduler) {
    expect(busy() == 0 && held_ == 1, "the build is over, but slots are out");
    expect(wish_ == 0, "the build is over, but slots are wished for");
    Outcome expected = any_failed() ? Outcome::kFailure : Outcome::kSuccess;
    expect(outcome_ == (stopped_ ? Outcome::kCancelled : expected), "the outcome of the build is wrong");
    for_each([&](UnitId unit) {
      expect(!known_[unit].live, unit, "still runs at the end");
      expect(scheduler.state_of(unit) == final_state(unit),
             unit,
             std::string("ends as ") + name_of(scheduler.state_of(unit)) + ", should be " + name_of(final_state(unit)));
      bool skipped = known_[unit].starts == 0 && !known_[unit].fresh;
      expect(!skipped || !may_begin(unit), unit, "was skipped without a reason");
    });
  }

  UnitState final_state(UnitId unit) const {
    const Known& known = known_[unit];
    if (known.fresh) {
      return UnitState::kDone;
    }
    if (!known.ended) {
      return UnitState::kSkipped;
    }
    switch (*known.ended) {
      case Outcome::kSuccess:
        return UnitState::kDone;
      case Outcome::kFailure:
        return UnitState::kFailed;
      case Outcome::kCancelled:
        return UnitState::kCancelled;
    }
    return UnitState::kWaiting;
  }

  const NodeMap& nodes_;
  Random random_;
  Random of_memory_;  ///< apart: worlds with enough of it stay what they were
  WorldStatistics* statistics_;
  std::vector<std::vector<bool>> below_;
  IdMap<UnitId, std::int64_t> priority_;
  graph::ActionGraph graph_;
  Options options_;
  Chances chances_;

  IdMap<UnitId, Known> known_;
  IdMap<UnitId, std::int64_t> peaks_;
  std::optional<UnitId> waits_;
  std::set<UnitId> passed_;
  int held_ = 1;
  int wish_ = 0;
  bool stopped_ = false;
  bool over_ = false;
  Outcome outcome_ = Outcome::kSuccess;
  std::optional<std::string> broken_;
};

}  // namespace

std::optional<std::string> broken_invariant(const NodeMap& nodes, std::uint64_t seed, WorldStatistics* statistics) {
  return World(nodes, seed, statistics).run();
}

}  // namespace pcargo::test
