// SPDX-License-Identifier: MIT OR Apache-2.0
// What the driver tells whoever watches a build: the screen, the JSON writer, later the journal. The driver does not
// know who listens. All calls come from the loop thread, in order.
#pragma once

#include "base/ids.h"
#include "base/milestone.h"
#include "base/result.h"
#include "cargo/build_script_output.h"
#include "freshness/cause.h"
#include "plan/build_plan.h"
#include "platform/child_process.h"
#include "platform/files.h"

#include <string>
#include <string_view>
#include <vector>

namespace pcargo::execute {

/// Why a unit failed, in cargo's words, not yet including "could not compile ... due to N previous errors": the screen
/// composes that, because it counted.
struct UnitFailure {
  Error error;
  /// The compiler ended with an ordinary exit code (0 to 127): having shown errors, it has said why, and the command is
  /// shown with -v only.
  bool is_simple_exit = false;
  /// It was killed for memory, and, alone, once more.
  bool is_for_memory = false;
};

class BuildObserver {
 public:
  virtual ~BuildObserver() = default;

  /// Before anything starts; the plan outlives the observer.
  virtual void build_started() {}

  /// The unit must run, and this is the first reason that was found. Before unit_started().
  virtual void unit_is_dirty(UnitId /*unit*/, const freshness::Cause& /*cause*/) {}

  /// The unit's process is about to be spawned: "Compiling" (once a package), and with -v "Running `...`".
  virtual void unit_started(UnitId /*unit*/, const plan::Invocation& /*invocation*/) {}

  /// The compiler crashed and runs once more, without what it had kept of earlier runs; that lies at `set_aside` now.
  virtual void unit_runs_again(UnitId /*unit*/, const std::string& /*set_aside*/) {}

  /// Its compiler, or linker, was killed for memory and runs once more now, alone. `how`: "was killed ...".
  virtual void unit_runs_alone(UnitId /*unit*/, const std::string& /*how*/) {}

  /// Something that a killed pcargo left running still writes where this unit writes; it is waited for.
  virtual void unit_waits(UnitId /*unit*/) {}

  virtual void milestone_reached(UnitId /*unit*/, Milestone /*milestone*/) {}

  /// A unit that waited at the link gate, behind Milestone::kObjects, goes on.
  virtual void link_permitted(UnitId /*unit*/) {}

  /// The unit's process is over, well or not, and this is what it cost. Before unit_finished().
  virtual void process_ended(UnitId /*unit*/, const platform::ExitStatus& /*status*/) {}

  /// One line of JSON from rustc's stderr that is a diagnostic, verbatim without its newline.
  virtual void diagnostic(UnitId /*unit*/, std::string_view /*json*/) {}
  /// One line of JSON that is a future-incompat report.
  virtual void future_incompat_report(UnitId /*unit*/, std::string_view /*json*/) {}
  /// A stderr line that is not rustc's JSON, or any line a build script printed (with -vv only).
  virtual void stderr_line(UnitId /*unit*/, std::string_view /*line*/) {}
  virtual void stdout_line(UnitId /*unit*/, std::string_view /*line*/) {}

  enum class ScriptAnswer {
    kRan,        ///< to its end
    kFresh,      ///< what it said when it last ran
    kFromConfig  ///< nothing was ever run; nothing is printed for JSON
  };
  virtual void build_script_finished(UnitId /*unit*/,
                                     const cargo::BuildScriptOutput& /*output*/,
                                     ScriptAnswer /*answer*/) {}

  /// A compiled unit is whole and its final files are placed. `files` are those that exist.
  virtual void artifact_ready(UnitId /*unit*/, const std::vector<plan::OutputFile>& /*files*/, bool /*fresh*/) {}

  /// A build script failed after it logged these warnings and errors (only `log_messages` is filled).
  virtual void build_script_failed(UnitId /*unit*/, const cargo::BuildScriptOutput& /*logged*/) {}

  /// The unit's last word. `failure` is set when the outcome is kFailure.
  virtual void unit_finished(UnitId /*unit*/, Outcome /*outcome*/, const UnitFailure* /*failure*/) {}

  /// Behind the failure of a unit that may be due to it: what still fits where all of it is built. Once a build.
  virtual void room_is_short(const std::string& /*directory*/, const platform::Room& /*left*/) {}

  /// All that was at hand is handled; the loop is about to wait. Also every 500 ms while it waits: the progress bar.
  virtual void idle() {}

  virtual void build_finished(Outcome /*outcome*/) {}
};

}  // namespace pcargo::execute
