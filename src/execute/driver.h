// SPDX-License-Identifier: MIT OR Apache-2.0
// Connects the pure scheduler with the world: takes events out of a mailbox, carries out decisions, hands slots to and
// from the job server. Knows nothing of screens, caches or config.
#pragma once

#include "execute/jobserver.h"
#include "execute/run.h"
#include "execute/vendored_sources.h"
#include "schedule/scheduler.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace pcargo::execute {

struct BuildOutcome {
  Outcome outcome = Outcome::kSuccess;
  int signal = 0;  ///< what interrupted the build, or 0
};

/// What the units that run together may take, in bytes, and what each is predicted to; nothing is limited without.
struct MemoryLimit {
  std::optional<std::int64_t> bytes = {};
  IdMap<UnitId, std::int64_t> peaks = {};
};

class Driver : private RunSink {
 public:
  /// All references outlive the driver. `scripts` is filled with what build scripts say. `priority`: of what is ready,
  /// the highest starts first.
  Driver(platform::EventLoop& loop,
         const plan::BuildPlan& plan,
         Jobserver& jobserver,
         BuildObserver& observer,
         freshness::Checker& freshness,
         Attempts& attempts,
         LateLinks& late_links,
         plan::ScriptOutputs& scripts,
         IdMap<UnitId, std::int64_t> priority,
         MemoryLimit memory);
  ~Driver() override;

  /// Runs the build to its end; no child is left when it returns.
  BuildOutcome run();

  /// What the build was held up by the limit of memory, so far.
  struct Shortage {
    std::size_t units = 0;
    std::int64_t nanoseconds = 0;  ///< for which some waited
  };
  Shortage shortage() const;
  /// Was this unit, before it started?
  bool waited_for_memory(UnitId unit) const { return scheduler_.was_held(unit); }

  /// From the job server: `count` slots more may be used.
  void slots_granted(int count) { post(schedule::SlotsGranted{count}); }

 private:
  void reached(UnitId unit, Milestone milestone) override;
  void finished(UnitId unit, std::optional<UnitFailure> failure) override;
  void killed_for_memory(UnitId unit, const platform::ExitStatus& status) override;

  void post(schedule::Event event);
  void drain();
  void carry_out(const schedule::Decision& decision);
  void check(UnitId unit);
  schedule::CheckAnswer look_at(UnitId unit);
  bool is_held(UnitId unit) const;
  bool is_to_be_late(UnitId unit) const;
  bool take_up_compile(UnitId unit, const freshness::Record& record);
  bool take_up_script(UnitId unit, const freshness::Record& record);
  void start(UnitId unit);
  void time_shortage();
  void time_head_starts();
  void end_head_start(UnitId unit);
  void look_for_room(const Error& error);
  void permit_link(UnitId unit);
  void run_alone(UnitId unit);
  void cancel(UnitId unit);
  void interrupted(int signal_number);
  void signal_all(int signal_number);
  void suspend();

  platform::EventLoop& loop_;
  const plan::BuildPlan& plan_;
  Jobserver& jobserver_;
  LateLinks& late_links_;
  BuildObserver& observer_;
  freshness::Checker& freshness_;
  plan::ScriptOutputs& scripts_;
  VendoredSources vendored_;
  RunContext context_;
  schedule::Scheduler scheduler_;
  std::deque<schedule::Event> mailbox_;
  bool draining_ = false;
  std::map<UnitId, std::unique_ptr<Run>> runs_;
  std::set<UnitId> cancelled_;               // how they end is no fault of theirs
  std::vector<std::unique_ptr<Run>> ended_;  // kept until no callback of theirs is on the stack
  std::vector<platform::SignalWatcher> signals_;
  std::optional<platform::Timer> kill_timer_;
  std::optional<platform::Timer> progress_timer_;
  int interrupt_signal_ = 0;
  bool told_of_room_ = false;
  std::optional<std::uint64_t> memory_kills_;  // of the system, those that we know of
  std::map<UnitId, std::string> killed_;       // for memory, and how
  std::map<UnitId, std::int64_t> early_;       // late-linked units with something missing below them, since when
  std::optional<std::chrono::steady_clock::time_point> short_since_;
  std::chrono::nanoseconds was_short_{0};
  std::optional<Outcome> outcome_;
};

}  // namespace pcargo::execute
