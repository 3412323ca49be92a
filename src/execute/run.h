// SPDX-License-Identifier: MIT OR Apache-2.0
// One attempt to do one unit's work, from its start to its one report. The driver owns runs; a run owns its process.
#pragma once

#include "base/ids.h"
#include "base/milestone.h"
#include "base/result.h"
#include "execute/attempts.h"
#include "execute/observer.h"
#include "freshness/checker.h"
#include "platform/child_process.h"
#include "platform/event_loop.h"

#include <optional>
#include <vector>

namespace pcargo::execute {

class Jobserver;
class LateLinks;

/// Where runs report to. `finished` comes exactly once and never from within start(); the run may be destroyed after
/// it.
class RunSink {
 public:
  virtual ~RunSink() = default;
  virtual void reached(UnitId unit, Milestone milestone) = 0;
  /// `failure` is empty for success and for a run that was cancelled.
  virtual void finished(UnitId unit, std::optional<UnitFailure> failure) = 0;
  /// Its process was, and nothing is reported of it yet: the run is there and waits for run_alone(). Once a run.
  virtual void killed_for_memory(UnitId unit, const platform::ExitStatus& status) = 0;
};

/// What every run works with; all of it outlives the runs.
struct RunContext {
  platform::EventLoop& loop;
  const plan::BuildPlan& plan;
  plan::ScriptOutputs& scripts;
  Jobserver& jobserver;
  BuildObserver& observer;
  freshness::Checker& freshness;
  Attempts& attempts;
  LateLinks& late_links;
  RunSink& sink;
};

/// What a run keeps open: the ends of two pipes, its process, its lock, its link gate.
inline constexpr unsigned kDescriptorsOfARun = 5;

class Run {
 public:
  virtual ~Run() = default;
  /// An error means that nothing was started and nothing will be reported.
  virtual Result<void> start() = 0;
  /// To the process and its group.
  virtual void signal(int signal_number) = 0;
  /// All that a late-linked unit links is there. Comes once, after it has reached kObjects.
  virtual void permit_link() {}
  /// Once more, in the ordinary way: nothing else runs beside it.
  virtual void run_alone() {}
};

/// Starts the program of an invocation with the job server at hand, and with what else it is to inherit.
Result<platform::ChildProcess> spawn_invocation(const RunContext& context,
                                                const plan::Invocation& invocation,
                                                platform::ChildProcess::Callbacks callbacks,
                                                const std::vector<int>& descriptors = {});

/// "process didn't exit successfully: `...` (exit status: 1)".
std::string describe_exit(const RunContext& context,
                          const plan::Invocation& invocation,
                          const platform::ExitStatus& status);

}  // namespace pcargo::execute
