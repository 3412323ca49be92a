// SPDX-License-Identifier: MIT OR Apache-2.0
// What the user of a build sees: cargo's lines on stderr, its progress bar, its JSON on stdout (cargo:
// job_queue/mod.rs, handle_event and drain_the_queue). It is told what happens and never asks the driver.
#pragma once

#include "cargo/package.h"
#include "cargo/unit_graph.h"
#include "execute/observer.h"
#include "plan/settings.h"
#include "report/build_notes.h"
#include "report/diagnostics.h"
#include "report/future_incompat.h"
#include "report/message_format.h"
#include "report/progress.h"
#include "report/shell.h"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pcargo::report {

/// The requested profile itself, without overrides for packages or build scripts: what "Finished" describes.
struct BaseProfile {
  std::string opt_level = "0";
  bool has_debuginfo = true;
};

/// What a Console is told beforehand. The graph, packages and settings outlive it; the graph's modes tell check from
/// check-as-test (plan/check_modes).
struct ConsoleContext {
  const cargo::UnitGraph& graph;
  const IdMap<cargo::PackageId, cargo::Package>& packages;
  const plan::Settings& settings;
  MessageFormat message_format = {};
  BaseProfile base_profile = {};
  bool explains = false;                                   ///< --explain: says of every unit that runs why it must
  std::function<std::string(UnitId)> out_dir = {};         ///< OUT_DIR of a run unit, for JSON; may be empty
  std::function<std::chrono::nanoseconds()> elapsed = {};  ///< since the process began; empty: none
  FutureIncompatOptions future_incompat = {};
};

class Console : public execute::BuildObserver {
 public:
  /// The shell must outlive the console.
  Console(ConsoleContext context, Shell& shell, ProgressBar::Options progress);

  void unit_is_dirty(UnitId unit, const freshness::Cause& cause) override;
  void unit_waits(UnitId unit) override;
  void unit_runs_again(UnitId unit, const std::string& set_aside) override;
  void unit_runs_alone(UnitId unit, const std::string& how) override;
  void unit_started(UnitId unit, const plan::Invocation& invocation) override;
  void diagnostic(UnitId unit, std::string_view json) override;
  void future_incompat_report(UnitId unit, std::string_view json) override;
  /// A build script's lines carry their "[name version] " already; they are shown with -vv only.
  void stderr_line(UnitId unit, std::string_view line) override;
  void stdout_line(UnitId unit, std::string_view line) override;
  void build_script_finished(UnitId unit, const cargo::BuildScriptOutput& output, ScriptAnswer answer) override;
  void artifact_ready(UnitId unit, const std::vector<plan::OutputFile>& files, bool fresh) override;
  void build_script_failed(UnitId unit, const cargo::BuildScriptOutput& logged) override;
  void unit_finished(UnitId unit, Outcome outcome, const execute::UnitFailure* failure) override;
  void room_is_short(const std::string& directory, const platform::Room& left) override;
  void idle() override;
  void build_finished(Outcome outcome) override;

  const BuildNotes& notes() const { return notes_; }
  /// Units that ended badly so far.
  std::size_t failures() const { return failures_; }
  /// Lint warnings and the like: a place for `build.warnings`, which is cargo 1.97's.
  const DiagnosticCounts* counts(UnitId unit) const;

 private:
  const cargo::Package& package(UnitId unit) const;
  bool is_script_run(UnitId unit) const;
  bool extra_verbose() const { return context_.settings.verbosity >= 2; }
  SummaryContext summary_context(UnitId unit) const;

  /// "Compiling" or "Checking", once a package, for the first of its units that is not fresh.
  void note_working_on(UnitId unit);
  void note_fresh(UnitId unit);
  void show_warning_summary(UnitId unit);
  /// What the unit's build scripts logged: with `show_warnings` all of it, else only where there is an error among it.
  void show_script_log(UnitId unit, bool show_warnings, bool is_of_failure = false);
  void show_failure(UnitId unit, const execute::UnitFailure& failure);
  void show_finished();

  ConsoleContext context_;
  Shell& shell_;
  ProgressBar progress_;
  BuildNotes notes_;

  DuplicateFilter shown_diagnostics_;
  std::unordered_map<UnitId, DiagnosticCounts> counts_;
  std::map<UnitId, std::vector<std::pair<cargo::BuildScriptOutput::Severity, std::string>>> script_logs_;  ///< by run
  std::vector<FutureIncompatEntry> future_incompat_;

  IdMap<UnitId, char> started_;
  IdMap<cargo::PackageId, std::size_t> units_left_;  ///< of the package, not yet started
  IdMap<cargo::PackageId, char> announced_;
  std::vector<UnitId> active_;  ///< in order of start
  std::size_t finished_ = 0;
  std::size_t failures_ = 0;
};

}  // namespace pcargo::report
