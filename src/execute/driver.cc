// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/driver.h"

#include "execute/cargo_lock.h"
#include "execute/compile_run.h"
#include "execute/late_links.h"
#include "execute/memory_kill.h"
#include "execute/script_run.h"
#include "execute/unit_messages.h"
#include "platform/memory.h"
#include "platform/real_file_system.h"

#include <algorithm>
#include <csignal>
#include <utility>

namespace pcargo::execute {

namespace {

// How long children may take to end after they were asked to.
constexpr std::uint64_t kGraceMilliseconds = 2000;
// How often observers hear that nothing happens (cargo's progress tick).
constexpr std::uint64_t kIdleMilliseconds = 500;

/// Not many more wait for their links than could link at once.
schedule::Options scheduler_options(const plan::Settings& settings, const MemoryLimit& memory) {
  schedule::Options options;
  options.keep_going = settings.keep_going;
  options.max_late = 2 * settings.jobs;
  options.memory = memory.bytes.value_or(options.memory);
  return options;
}

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace

Driver::Driver(platform::EventLoop& loop,
               const plan::BuildPlan& plan,
               Jobserver& jobserver,
               BuildObserver& observer,
               freshness::Checker& freshness,
               Attempts& attempts,
               LateLinks& late_links,
               plan::ScriptOutputs& scripts,
               IdMap<UnitId, std::int64_t> priority,
               MemoryLimit memory)
    : loop_(loop),
      plan_(plan),
      jobserver_(jobserver),
      late_links_(late_links),
      observer_(observer),
      freshness_(freshness),
      scripts_(scripts),
      vendored_(plan),
      context_{loop, plan, scripts, jobserver, observer, freshness, attempts, late_links, *this},
      scheduler_(
          plan.actions(), std::move(priority), scheduler_options(plan.settings(), memory), std::move(memory.peaks)) {}

Driver::~Driver() = default;

BuildOutcome Driver::run() {
  for (int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    signals_.emplace_back(loop_, signal_number, [this](int number) { interrupted(number); });
  }
  signals_.emplace_back(loop_, SIGTSTP, [this](int) { suspend(); });
  progress_timer_.emplace(loop_, kIdleMilliseconds, kIdleMilliseconds, [this] { observer_.idle(); });
  observer_.build_started();
  std::vector<schedule::Decision> decisions;
  scheduler_.begin(&decisions);
  for (const auto& decision : decisions) {
    carry_out(decision);
  }
  drain();
  while (!outcome_) {
    loop_.run();
    ended_.clear();
  }
  signals_.clear();
  kill_timer_.reset();
  progress_timer_.reset();
  observer_.build_finished(*outcome_);
  return {*outcome_, interrupt_signal_};
}

void Driver::post(schedule::Event event) {
  mailbox_.push_back(event);
  drain();
}

/// Handles events until there are none. Callbacks may post while this runs; they do not come in again.
void Driver::drain() {
  if (draining_) {
    return;
  }
  draining_ = true;
  std::vector<schedule::Decision> decisions;
  while (!mailbox_.empty() && !outcome_) {
    const auto event = mailbox_.front();
    mailbox_.pop_front();
    decisions.clear();
    scheduler_.handle(event, &decisions);
    for (const auto& decision : decisions) {
      carry_out(decision);
    }
  }
  time_shortage();
  time_head_starts();
  draining_ = false;
  observer_.idle();
}

void Driver::carry_out(const schedule::Decision& decision) {
  std::visit(Overloaded{
                 [this](const schedule::Check& check_decision) { check(check_decision.unit); },
                 [this](const schedule::Start& start_decision) { start(start_decision.unit); },
                 [this](const schedule::PermitLink& permit) { permit_link(permit.unit); },
                 [this](const schedule::RunAlone& again) { run_alone(again.unit); },
                 [this](const schedule::Cancel& cancel_decision) { cancel(cancel_decision.unit); },
                 [this](const schedule::WantSlots& wish) { jobserver_.want(wish.count); },
                 [this](const schedule::ReturnSlot&) { jobserver_.give_back(); },
                 [this](const schedule::BuildOver& over) {
                   outcome_ = over.outcome;
                   loop_.stop();
                 },
             },
             decision);
}

void Driver::check(UnitId unit) {
  const auto answer = look_at(unit);
  if (answer == schedule::CheckAnswer::kDone) {
    observer_.unit_finished(unit, Outcome::kSuccess, nullptr);
  }
  post(schedule::Checked{unit, answer});
}

/// Config answers in place of some scripts; other units may be fresh.
schedule::CheckAnswer Driver::look_at(UnitId unit) {
  using schedule::CheckAnswer;
  if (is_held(unit)) {
    return CheckAnswer::kUndecided;
  }
  const bool is_run = plan_.graph().units[unit].mode == cargo::CompileMode::kRunCustomBuild;
  if (const auto* answer = is_run ? plan_.links_override(unit) : nullptr) {
    scripts_[unit] = *answer;
    observer_.build_script_finished(unit, *answer, BuildObserver::ScriptAnswer::kFromConfig);
    return CheckAnswer::kDone;
  }
  const auto finding = freshness_.check(unit);
  if (finding.verdict == freshness::Checker::Verdict::kUndecided) {
    return CheckAnswer::kUndecided;
  }
  if (const auto& record = finding.record) {
    const bool is_taken_up = is_run ? take_up_script(unit, *record) : take_up_compile(unit, *record);
    return is_taken_up ? CheckAnswer::kDone : CheckAnswer::kMustRun;
  }
  return CheckAnswer::kMustRun;
}

/// The plan lets it start early, and what build scripts have said since does not.
bool Driver::is_held(UnitId unit) const {
  return plan_.actions().is_late_linked(unit) && !scheduler_.is_complete_below(unit) &&
         !late_links_.linker_of(unit, scripts_);
}

bool Driver::is_to_be_late(UnitId unit) const {
  const bool wherever_it_can = late_links_.mode() == LateLinking::kAlways || late_links_.mode() == LateLinking::kVerify;
  return plan_.actions().is_late_linked(unit) && (wherever_it_can || !scheduler_.is_complete_below(unit)) &&
         late_links_.linker_of(unit, scripts_);
}

/// False: it must run after all.
bool Driver::take_up_compile(UnitId unit, const freshness::Record& record) {
  std::vector<plan::OutputFile> present;
  for (const auto& output : plan_.outputs(unit)) {
    const auto is_it = [&output](const freshness::PathLook& file) { return file.path == output.path; };
    if (std::any_of(record.outputs.begin(), record.outputs.end(), is_it)) {
      present.push_back(output);
    }
  }
  if (!place_final_files(plan_, unit, present)) {
    const auto final_file =
        std::find_if(present.begin(), present.end(), [](const auto& file) { return file.final_path.has_value(); });
    freshness_.reject(unit, {freshness::Cause::Kind::kOutputNotPlaced, *final_file->final_path});
    return false;
  }
  for (const auto& message : record.messages) {
    if (message.kind != freshness::Message::Kind::kDiagnostic || plan_.shows_warnings(unit)) {
      say_to(observer_, unit, message.kind, message.text);
    }
  }
  observer_.artifact_ready(unit, present, true);
  return true;
}

bool Driver::take_up_script(UnitId unit, const freshness::Record& record) {
  auto output = cargo::parse_build_script_output(record.script_stdout, plan_.script_context(unit));
  if (!output) {
    freshness_.reject(unit, {freshness::Cause::Kind::kRecordRefused});
    return false;
  }
  const auto& stored = scripts_[unit] = *std::move(output);
  observer_.build_script_finished(unit, stored, BuildObserver::ScriptAnswer::kFresh);
  return true;
}

void Driver::start(UnitId unit) {
  if (!memory_kills_) {
    memory_kills_ = platform::memory_kills(platform::RealFileSystem());
  }
  const bool is_script = plan_.graph().units[unit].mode == cargo::CompileMode::kRunCustomBuild;
  std::unique_ptr<Run> run;
  if (is_script) {
    run = std::make_unique<ScriptRun>(context_, unit);
  } else {
    const bool is_late = is_to_be_late(unit);
    run = std::make_unique<CompileRun>(context_, unit, is_late);
    if (is_late && !scheduler_.is_complete_below(unit)) {
      early_[unit] = platform::EventLoop::now_ns();
    }
  }
  observer_.unit_is_dirty(unit, freshness_.cause(unit));
  auto& placed = runs_[unit] = std::move(run);
  auto started = vendored_.confirm(unit);
  if (started) {
    started = placed->start();
  }
  if (!started) {
    finished(unit, UnitFailure{std::move(started).error()});
  }
}

void Driver::permit_link(UnitId unit) {
  observer_.link_permitted(unit);
  runs_.at(unit)->permit_link();
}

void Driver::cancel(UnitId unit) {
  if (auto run = runs_.find(unit); run != runs_.end()) {
    cancelled_.insert(unit);
    run->second->signal(interrupt_signal_ == 0 ? SIGTERM : interrupt_signal_);
  }
}

void Driver::reached(UnitId unit, Milestone milestone) {
  observer_.milestone_reached(unit, milestone);
  if (milestone == Milestone::kObjects) {
    end_head_start(unit);
  }
  post(schedule::Reached{unit, milestone});
}

void Driver::finished(UnitId unit, std::optional<UnitFailure> failure) {
  if (!draining_) {
    ended_.clear();  // this comes from the loop: no callback of another run is on the stack
  }
  auto run = runs_.find(unit);
  PCARGO_CHECK(run != runs_.end());
  ended_.push_back(std::move(run->second));
  runs_.erase(run);
  early_.erase(unit);
  const bool cancelled = failure && (interrupt_signal_ != 0 || cancelled_.count(unit) != 0);
  const Outcome outcome = cancelled ? Outcome::kCancelled : failure ? Outcome::kFailure : Outcome::kSuccess;
  observer_.unit_finished(unit, outcome, outcome == Outcome::kFailure ? &*failure : nullptr);
  if (outcome == Outcome::kFailure) {
    look_for_room(failure->error);
  }
  post(schedule::Finished{unit, outcome});
}

void Driver::killed_for_memory(UnitId unit, const platform::ExitStatus& status) {
  const auto kills = platform::memory_kills(platform::RealFileSystem());
  const bool is_counted = kills && memory_kills_ && *kills > *memory_kills_;
  if (is_counted) {
    ++*memory_kills_;  // two may have been killed before we hear of the first
  }
  killed_[unit] = describe_memory_kill(status, is_counted);
  post(schedule::KilledForMemory{unit});
}

void Driver::run_alone(UnitId unit) {
  observer_.unit_runs_alone(unit, killed_.at(unit));
  runs_.at(unit)->run_alone();
}

/// Those that lack nothing any more have worked early for as long as they could.
void Driver::time_head_starts() {
  std::vector<UnitId> complete;
  for (const auto& [unit, since] : early_) {
    if (scheduler_.is_complete_below(unit)) {
      complete.push_back(unit);
    }
  }
  for (const UnitId unit : complete) {
    end_head_start(unit);
  }
}

void Driver::end_head_start(UnitId unit) {
  if (const auto early = early_.extract(unit)) {
    late_links_.counts().head_start_ns += platform::EventLoop::now_ns() - early.mapped();
  }
}

void Driver::time_shortage() {
  const bool is_short = scheduler_.memory_shortage().is_short && !outcome_;
  const auto now = std::chrono::steady_clock::now();
  if (is_short && !short_since_) {
    short_since_ = now;
  } else if (!is_short && short_since_) {
    was_short_ += now - *std::exchange(short_since_, {});
  }
}

Driver::Shortage Driver::shortage() const {
  return {scheduler_.memory_shortage().ever_held, was_short_.count()};
}

/// A full disk has many faces: our own ENOSPC, a compiler's message, a linker that dies of SIGBUS in the file it maps.
/// What the unit wrote is still there: its run has not gone yet.
void Driver::look_for_room(const Error& error) {
  constexpr std::uint64_t kLittle = std::uint64_t{16} << 20;
  const std::string& directory = plan_.settings().build_directory;
  const auto left = platform::room_left(directory);
  if (told_of_room_ || !left) {
    return;
  }
  const bool is_bus_error =
      std::any_of(error.causes.begin(),
                  error.causes.end(),
                  [](const std::string& cause) { return cause.find("SIGBUS") != std::string::npos; }) ||
      error.message.find("SIGBUS") != std::string::npos;
  if (left->bytes < kLittle || left->files == 0 || is_bus_error) {
    told_of_room_ = true;
    observer_.room_is_short(directory, *left);
  }
}

/// First signal: nothing new starts, children are asked to end, after a grace they are killed. Second: killed at once.
void Driver::interrupted(int signal_number) {
  if (interrupt_signal_ != 0) {
    signal_all(SIGKILL);
    return;
  }
  interrupt_signal_ = signal_number;
  kill_timer_.emplace(loop_, kGraceMilliseconds, 0, [this] { signal_all(SIGKILL); });
  post(schedule::StopRequested{});
}

void Driver::signal_all(int signal_number) {
  for (const auto& [unit, run] : runs_) {
    run->signal(signal_number);
  }
}

/// Ctrl-Z: children are in groups of their own, so the terminal does not stop them for us.
void Driver::suspend() {
  signal_all(SIGSTOP);
  raise(SIGSTOP);
  signal_all(SIGCONT);
}

}  // namespace pcargo::execute
