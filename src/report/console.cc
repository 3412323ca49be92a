// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/console.h"

#include "base/path.h"
#include "plan/unit_rules.h"
#include "report/machine_messages.h"
#include "report/text.h"
#include "report/unit_names.h"

#include <fmt/format.h>

#include <algorithm>

namespace pcargo::report {
namespace {

constexpr std::string_view kProfilesPage = "https://doc.rust-lang.org/cargo/reference/profiles.html#default-profiles";

/// Lines come to us without their line break; Rust's lines() takes a carriage return with it.
std::string_view without_carriage_return(std::string_view line) {
  if (!line.empty() && line.back() == '\r') {
    line.remove_suffix(1);
  }
  return line;
}

}  // namespace

Console::Console(ConsoleContext context, Shell& shell, ProgressBar::Options progress)
    : context_(std::move(context)),
      shell_(shell),
      progress_(shell, "Building", std::move(progress)),
      notes_(context_.graph.units.size()),
      started_(context_.graph.units.size(), 0),
      units_left_(context_.packages.size(), 0),
      announced_(context_.packages.size(), 0) {
  for (const cargo::Unit& unit : context_.graph.units) {
    ++units_left_[unit.package];
  }
}

const cargo::Package& Console::package(UnitId unit) const {
  return context_.packages[context_.graph.units[unit].package];
}

bool Console::is_script_run(UnitId unit) const {
  return context_.graph.units[unit].mode == cargo::CompileMode::kRunCustomBuild;
}

const DiagnosticCounts* Console::counts(UnitId unit) const {
  auto found = counts_.find(unit);
  return found == counts_.end() ? nullptr : &found->second;
}

SummaryContext Console::summary_context(UnitId unit) const {
  const plan::Settings& settings = context_.settings;
  SummaryContext summary{package(unit).name, context_.graph.target(unit)};
  summary.mode = context_.graph.units[unit].mode;
  summary.is_local = package(unit).is_local() && !context_.graph.units[unit].is_std;
  summary.is_clippy =
      settings.rustc_workspace_wrapper && path::file_stem(*settings.rustc_workspace_wrapper) == "clippy-driver";
  summary.capabilities = settings.toolchain.capabilities;
  summary.clippy_args = settings.environment.get("CLIPPY_ARGS");
  return summary;
}

void Console::note_working_on(UnitId unit) {
  const cargo::PackageId id = context_.graph.units[unit].package;
  if (started_[unit] != 0) {
    return;
  }
  started_[unit] = 1;
  --units_left_[id];
  active_.push_back(unit);
  if (announced_[id] == 0) {
    announced_[id] = 1;
    shell_.status(plan::is_check(context_.graph.units[unit].mode) ? "Checking" : "Compiling", package(unit).display());
  }
}

void Console::note_fresh(UnitId unit) {
  const cargo::PackageId id = context_.graph.units[unit].package;
  if (started_[unit] != 0) {
    return;
  }
  started_[unit] = 1;
  if (--units_left_[id] == 0 && announced_[id] == 0) {
    announced_[id] = 1;
    if (shell_.verbosity() == Verbosity::kVerbose) {
      shell_.status("Fresh", package(unit).display());
    }
  }
}

/// With -v once a package, as "Compiling" that follows, and without words where nothing was ever built; with --explain
/// of every unit.
void Console::unit_is_dirty(UnitId unit, const freshness::Cause& cause) {
  notes_.is_dirty(unit, cause);
  const bool is_said = announced_[context_.graph.units[unit].package] != 0;
  const bool is_cargos = !is_said && !cause.is_first_run();
  if (!context_.explains && (!is_cargos || shell_.verbosity() != Verbosity::kVerbose)) {
    return;
  }
  std::string name = package(unit).display();
  if (context_.explains) {
    name += fmt::format(" ({})", unit_kind(context_.graph.target(unit), context_.graph.units[unit].mode));
  }
  shell_.status("Dirty", to_valid_utf8(name + ": " + notes_.explain(unit, context_.settings.workspace_root)));
}

void Console::unit_started(UnitId unit, const plan::Invocation& invocation) {
  note_working_on(unit);
  if (shell_.verbosity() == Verbosity::kVerbose) {
    shell_.status("Running", to_valid_utf8(invocation.display(extra_verbose())));
  }
}

void Console::unit_waits(UnitId unit) {
  shell_.status("Blocking",
                "waiting for an earlier run in " + package(unit).display() + ", whose pcargo was killed, to end");
}

void Console::unit_runs_again(UnitId unit, const std::string& set_aside) {
  shell_.warn("the compiler crashed in " + package(unit).display() +
              "; it runs once more, without its incremental files: they are in `" + set_aside + "` now");
}

void Console::unit_runs_alone(UnitId unit, const std::string& how) {
  shell_.warn("the compilation of " + package(unit).display() + " " + how +
              "; it runs once more, with nothing beside it");
}

void Console::diagnostic(UnitId unit, std::string_view json) {
  const std::string line = to_valid_utf8(without_carriage_return(json));
  const bool as_text = context_.message_format.diagnostics_as_text();
  const DiagnosticLine read =
      as_text ? read_for_text(line)
              : read_for_json(line, context_.message_format.ansi, context_.settings.toolchain.capabilities);
  switch (read.kind) {
    case DiagnosticLine::Kind::kNotJson:
      shell_.err_line(line);
      return;
    case DiagnosticLine::Kind::kSilent:
      return;
    case DiagnosticLine::Kind::kMessage:
      counts_[unit].count_level(read.level);
      shell_.out_line(compiler_message(package(unit), context_.graph.target(unit), read.text));
      return;
    case DiagnosticLine::Kind::kRendered: {
      const bool emitted = shown_diagnostics_.insert(read.text);
      if (emitted) {
        shell_.err_line(read.text);
      }
      counts_[unit].count_level(read.level);
      counts_[unit].count_shown(read, emitted);
      return;
    }
  }
}

void Console::future_incompat_report(UnitId unit, std::string_view json) {
  auto items = read_future_incompat(to_valid_utf8(json));
  if (!items) {
    diagnostic(unit, json);
    return;
  }
  for (const FutureIncompatItem& item : *items) {
    counts_[unit].count_level(item.level);
  }
  future_incompat_.push_back({&package(unit), std::move(*items)});
}

void Console::stderr_line(UnitId unit, std::string_view line) {
  if (!is_script_run(unit) || extra_verbose()) {
    shell_.err_line(to_valid_utf8(without_carriage_return(line)));
  }
}

void Console::stdout_line(UnitId unit, std::string_view line) {
  if (!is_script_run(unit) || extra_verbose()) {
    shell_.out_line(to_valid_utf8(without_carriage_return(line)));
  }
}

void Console::build_script_finished(UnitId unit, const cargo::BuildScriptOutput& output, ScriptAnswer answer) {
  if (answer == ScriptAnswer::kFromConfig) {
    // Overridden by config: no process starts, but cargo counts the unit as worked on.
    note_working_on(unit);
  } else if (context_.message_format.json) {
    shell_.out_line(
        build_script_executed(package(unit), output, context_.out_dir ? context_.out_dir(unit) : std::string()));
  }
  if (!output.log_messages.empty()) {
    script_logs_[unit] = output.log_messages;
  }
}

void Console::artifact_ready(UnitId unit, const std::vector<plan::OutputFile>& files, bool fresh) {
  if (fresh) {
    note_fresh(unit);
  }
  if (context_.message_format.json) {
    shell_.out_line(compiler_artifact(context_.graph, unit, package(unit), files, fresh));
  }
}

void Console::build_script_failed(UnitId unit, const cargo::BuildScriptOutput& logged) {
  script_logs_[unit] = logged.log_messages;
}

void Console::show_warning_summary(UnitId unit) {
  if (const DiagnosticCounts* unit_counts = counts(unit)) {
    if (const auto summary = warning_summary(*unit_counts, summary_context(unit))) {
      shell_.warn(*summary);
    }
  }
}

void Console::show_script_log(UnitId unit, bool show_warnings, bool is_of_failure) {
  using Severity = cargo::BuildScriptOutput::Severity;
  for (const UnitId run : plan::own_script_runs(context_.graph, unit)) {
    const auto found = script_logs_.find(run);
    if (found == script_logs_.end()) {
      continue;
    }
    const auto& log = found->second;
    if (!show_warnings &&
        std::none_of(log.begin(), log.end(), [](const auto& entry) { return entry.first == Severity::kError; })) {
      continue;
    }
    const auto& facts = context_.settings.toolchain.capabilities;
    const bool is_headed = is_of_failure && !log.empty() && facts.heads_warnings_of_failure;
    if (is_headed) {
      shell_.err_line("The following warnings were emitted during compilation:\n");
    }
    for (const auto& [severity, message] : log) {
      const std::string text = facts.names_package_of_warning
                                   ? fmt::format("{}@{}: {}", package(unit).name, package(unit).version, message)
                                   : message;
      severity == Severity::kError ? shell_.error(text) : shell_.warn(text);
    }
    if (is_headed) {
      shell_.err_line("");
    }
  }
}

void Console::show_failure(UnitId unit, const execute::UnitFailure& failure) {
  show_script_log(unit, true, true);
  Error shown = failure.error;
  if (!is_script_run(unit) && shown.kind == ErrorKind::kCommandFailed) {
    const DiagnosticCounts& said = counts_[unit];
    shown = std::move(shown).context(failure_headline(said, summary_context(unit)));
    // rustc has told why: its command line is of interest only where it died oddly.
    if (said.errors > 0 && failure.is_simple_exit && shell_.verbosity() != Verbosity::kVerbose) {
      shown.causes.clear();
    }
  }
  shell_.display_error(shown);
  if (failure.is_for_memory) {
    shell_.note(
        "memory is short: it was killed beside others, and again with nothing beside it. A lower `--memory=SIZE` or "
        "`-j` lets less run at once; this unit alone needs less with less debuginfo or without LTO");
  }
  if (failures_ == 0 && !active_.empty()) {
    progress_.indicate_error();
    shell_.warn("build failed, waiting for other jobs to finish...");
  }
  ++failures_;
}

void Console::unit_finished(UnitId unit, Outcome outcome, const execute::UnitFailure* failure) {
  notes_.finished(unit, outcome);
  if (outcome == Outcome::kSuccess) {
    note_fresh(unit);
  }
  active_.erase(std::remove(active_.begin(), active_.end(), unit), active_.end());
  ++finished_;
  if (outcome == Outcome::kCancelled) {
    return;
  }
  show_warning_summary(unit);
  if (outcome == Outcome::kFailure) {
    PCARGO_CHECK(failure != nullptr);
    show_failure(unit, *failure);
  } else if (is_script_run(unit)) {
    show_script_log(unit, package(unit).is_local() || extra_verbose());
  }
}

void Console::room_is_short(const std::string& directory, const platform::Room& left) {
  constexpr std::uint64_t kKib = 1024;
  const bool is_much = left.bytes >= 10 * kKib * kKib;
  const std::string bytes =
      is_much ? fmt::format("{} MiB", left.bytes / kKib / kKib) : fmt::format("{} KiB", left.bytes / kKib);
  shell_.note(fmt::format(
      "{} are free in `{}`{}", bytes, directory, left.files == 0 ? ", and no file more can be made there" : ""));
}

void Console::idle() {
  if (!progress_.is_enabled()) {
    return;
  }
  std::string names = ": ";
  for (const UnitId unit : active_) {
    if (names.size() > 2) {
      names += ", ";
    }
    names += progress_name(package(unit).name, context_.graph.target(unit), context_.graph.units[unit].mode);
  }
  progress_.tick(finished_, context_.graph.units.size(), names);
}

void Console::show_finished() {
  const BaseProfile& profile = context_.base_profile;
  const bool is_quoted = context_.settings.toolchain.capabilities.names_profile_in_quotes;
  const std::string what = fmt::format(fmt::runtime(is_quoted ? "`{}` profile [{}{}]" : "{} [{}{}]"),
                                       context_.settings.requested_profile,
                                       profile.opt_level == "0" ? "unoptimized" : "optimized",
                                       profile.has_debuginfo ? " + debuginfo" : "");
  const auto elapsed = context_.elapsed ? context_.elapsed() : std::chrono::nanoseconds(0);
  shell_.status(
      "Finished",
      fmt::format(
          "{} target(s) in {}", is_quoted ? shell_.err_hyperlink(kProfilesPage, what) : what, format_elapsed(elapsed)));
}

void Console::build_finished(Outcome outcome) {
  progress_.clear();
  if (outcome == Outcome::kCancelled) {
    return;
  }
  if (context_.message_format.json) {
    shell_.out_line(report::build_finished(outcome == Outcome::kSuccess));
  }
  if (outcome == Outcome::kSuccess) {
    show_finished();
    save_and_display_report(future_incompat_, context_.future_incompat, &shell_);
  }
}

}  // namespace pcargo::report
