// SPDX-License-Identifier: MIT OR Apache-2.0
#include "story.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace pcargo::test {

namespace {

using namespace schedule;  // NOLINT: this file speaks of nothing else

const char* word_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kSuccess:
      return "success";
    case Outcome::kFailure:
      return "failure";
    case Outcome::kCancelled:
      return "cancelled";
  }
  return "?";
}

std::string joined(std::initializer_list<std::string> lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += line + "\n";
  }
  return text;
}

std::string line_for(const Happening& happening) {
  struct Words {
    std::string operator()(const Checked&) const { return "checked"; }
    std::string operator()(const Reached& reached) const {
      return reached.milestone == Milestone::kMetadata ? "metadata" : "objects";
    }
    std::string operator()(const Finished& finished) const { return word_of(finished.outcome); }
    std::string operator()(const KilledForMemory&) const { return "killed for memory"; }
    std::string operator()(const SlotsGranted& granted) const { return "granted " + std::to_string(granted.count); }
    std::string operator()(const StopRequested&) const { return "stop"; }
  };
  return "when " + std::visit(Words{}, happening.event) + " " + happening.unit;
}

}  // namespace

Happening metadata(const std::string& unit) {
  return {unit, Reached{{}, Milestone::kMetadata}};
}
Happening objects(const std::string& unit) {
  return {unit, Reached{{}, Milestone::kObjects}};
}
Happening finished(const std::string& unit) {
  return {unit, Finished{{}, Outcome::kSuccess}};
}
Happening failed(const std::string& unit) {
  return {unit, Finished{{}, Outcome::kFailure}};
}
Happening cancelled(const std::string& unit) {
  return {unit, Finished{{}, Outcome::kCancelled}};
}
Happening killed_for_memory(const std::string& unit) {
  return {unit, KilledForMemory{}};
}
Happening checked(const std::string& unit, CheckAnswer answer) {
  return {unit, Checked{{}, answer}};
}
Happening granted(int slots) {
  return {"", SlotsGranted{slots}};
}
Happening stop() {
  return {"", StopRequested{}};
}

std::string check(const std::string& unit) {
  return "check " + unit;
}
std::string start(const std::string& unit) {
  return "start " + unit;
}
std::string permit_link(const std::string& unit) {
  return "permit-link " + unit;
}
std::string run_alone(const std::string& unit) {
  return "run-alone " + unit;
}
std::string cancel(const std::string& unit) {
  return "cancel " + unit;
}
std::string want_slots(int count) {
  return "want-slots " + std::to_string(count);
}
std::string return_slot() {
  return "return-slot";
}
std::string over(Outcome outcome) {
  return std::string("over ") + word_of(outcome);
}

Story::Story(std::initializer_list<std::string> lines)
    : graph_(std::make_unique<StoryGraph>(parse_graph(joined(lines)))) {
  options_.max_slots = 1;
}

Story::~Story() {
  if (graph_ != nullptr && std::uncaught_exceptions() == 0) {
    INFO(log());
    CHECK(seen_ == std::vector<std::string>());
  }
}

Story Story::slots(int count) && {
  pool_ = count - 1;
  options_.max_slots = count;
  return std::move(*this);
}

Story Story::shows_slots(int max_slots) && {
  shows_slots_ = true;
  options_.max_slots = max_slots;
  return std::move(*this);
}

Story Story::shows_checks() && {
  shows_checks_ = true;
  return std::move(*this);
}

Story Story::keep_going() && {
  options_.keep_going = true;
  return std::move(*this);
}

Story Story::most_late(int count) && {
  options_.max_late = count;
  return std::move(*this);
}

Story Story::memory(std::int64_t limit, const std::map<std::string, std::int64_t>& peaks) && {
  options_.memory = limit;
  peaks_ = IdMap<UnitId, std::int64_t>(graph_->graph.size(), 0);
  for (const auto& [unit, bytes] : peaks) {
    peaks_[graph_->unit(unit)] = bytes;
  }
  return std::move(*this);
}

Story Story::answers(const std::string& unit, CheckAnswer answer) && {
  answers_[unit] = answer;
  return std::move(*this);
}

Story& Story::when(const Happening& happening) {
  begin_once();
  {
    INFO(log());
    REQUIRE(seen_ == std::vector<std::string>());
  }
  log_.push_back(line_for(happening));
  Event event = happening.event;
  std::visit(
      [&](auto& one) {
        if constexpr (requires { one.unit; }) {
          one.unit = graph_->unit(happening.unit);
        }
      },
      event);
  take(event);
  return *this;
}

Story& Story::expect_all(std::vector<std::string> expected) {
  begin_once();
  INFO(log());
  REQUIRE(seen_ == expected);
  seen_.clear();
  return *this;
}

UnitState Story::state(const std::string& unit) {
  begin_once();
  return scheduler_->state_of(graph_->unit(unit));
}

void Story::begin_once() {
  if (scheduler_ == nullptr) {
    scheduler_ = std::make_unique<Scheduler>(graph_->graph, graph_->priority, options_, peaks_);
    std::vector<Decision> decisions;
    scheduler_->begin(&decisions);
    carry_out(decisions);
  }
}

void Story::take(const Event& event) {
  std::vector<Decision> decisions;
  scheduler_->handle(event, &decisions);
  carry_out(decisions);
}

void Story::carry_out(const std::vector<Decision>& decisions) {
  for (const Decision& decision : decisions) {
    on(decision);
  }
  int grant = std::min(wish_, pool_);
  if (grant > 0) {
    pool_ -= grant;
    wish_ -= grant;
    mailbox_.push_back(SlotsGranted{grant});
  }
  while (!mailbox_.empty()) {
    Event event = mailbox_.front();
    mailbox_.pop_front();
    take(event);
  }
}

void Story::on(const Decision& decision) {
  if (const auto* asked = std::get_if<Check>(&decision); asked != nullptr && !shows_checks_) {
    auto answer = answers_.find(graph_->names[asked->unit]);
    mailbox_.push_back(Checked{asked->unit, answer == answers_.end() ? CheckAnswer::kMustRun : answer->second});
    return;
  }
  if (const auto* want = std::get_if<WantSlots>(&decision); want != nullptr && !shows_slots_) {
    wish_ = want->count;
    return;
  }
  if (std::holds_alternative<ReturnSlot>(decision) && !shows_slots_) {
    ++pool_;
    return;
  }
  seen_.push_back(words_for(decision));
  log_.push_back("  " + seen_.back());
}

std::string Story::words_for(const Decision& decision) const {
  struct Words {
    const IdMap<UnitId, std::string>& names;
    std::string operator()(const Check& one) const { return check(names[one.unit]); }
    std::string operator()(const Start& one) const { return start(names[one.unit]); }
    std::string operator()(const PermitLink& one) const { return permit_link(names[one.unit]); }
    std::string operator()(const RunAlone& one) const { return run_alone(names[one.unit]); }
    std::string operator()(const Cancel& one) const { return cancel(names[one.unit]); }
    std::string operator()(const WantSlots& one) const { return want_slots(one.count); }
    std::string operator()(const ReturnSlot&) const { return return_slot(); }
    std::string operator()(const BuildOver& one) const { return over(one.outcome); }
  };
  return std::visit(Words{graph_->names}, decision);
}

std::string Story::log() const {
  std::string text = "the story so far:";
  for (const std::string& line : log_) {
    text += "\n" + line;
  }
  return text;
}

}  // namespace pcargo::test
