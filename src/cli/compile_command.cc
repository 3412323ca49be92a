// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/compile_command.h"

#include "base/path.h"
#include "cli/build_lock.h"
#include "cli/build_order.h"
#include "cli/late_linking.h"
#include "cli/memory_limit.h"
#include "cli/options.h"
#include "cli/screen.h"
#include "cli/timings_files.h"
#include "execute/build_directories.h"
#include "execute/driver.h"
#include "execute/final_dep_info.h"
#include "execute/late_links.h"
#include "execute/observer_list.h"
#include "freshness/former.h"
#include "freshness/sweeper.h"
#include "plan/build_plan.h"
#include "plan/collisions.h"
#include "platform/boot.h"
#include "platform/file_stamp.h"
#include "platform/files.h"
#include "platform/memory.h"
#include "platform/process.h"
#include "platform/processor.h"
#include "platform/real_file_system.h"
#include "platform/resource_limits.h"
#include "platform/terminal.h"
#include "prepare/build_options.h"
#include "prepare/directories.h"
#include "prepare/given_plan.h"
#include "prepare/prepare.h"
#include "record/build_history.h"
#include "record/journal.h"
#include "record/recorder.h"
#include "report/collisions.h"
#include "report/console.h"

#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <sstream>

namespace pcargo::cli {

namespace {

constexpr int kFailure = 101;
constexpr record::Microseconds kNoticed = 10'000;  // of a wait

int exit_code_of(const Error& error) {
  return error.kind == ErrorKind::kUsage ? 1 : kFailure;
}

/// One command on its way through the rooms. Each step gives an exit code when it ends the command.
class CompileCommand {
 public:
  CompileCommand(const Session& session, prepare::CommandLine line, StandingAnswer* standing)
      : session_(session), line_(std::move(line)), standing_(*standing), begin_(std::chrono::steady_clock::now()) {}

  int run() {
    screen_ = std::make_unique<Screen>(early_options(line_), session_.environment);
    if (auto code = prepare()) {
      return *code;
    }
    auto done = build();
    if (!done) {
      screen_->shell().display_error(done.error());
      return exit_code_of(done.error());
    }
    return *done;
  }

 private:
  std::optional<int> prepare() {
    auto request = prepare_request(session_, line_);
    request.terminal_width = diagnostic_width(session_.environment);
    if (line_.plan_file) {
      auto prepared = prepare::prepare_given_plan(request, files_);
      if (!prepared) {
        screen_->shell().display_error(prepared.error());
        return exit_code_of(prepared.error());
      }
      prepared_ = *std::move(prepared);
      return std::nullopt;
    }
    auto preparation = prepare::prepare(request, files_);
    if (!preparation) {
      screen_->shell().display_error(preparation.error());
      return exit_code_of(preparation.error());
    }
    if (preparation->hand_over) {
      auto* shell = line_.verbose > 0 ? &screen_->shell() : nullptr;
      if (!line_.quiet) {
        screen_->shell().err_raw(preparation->words);
      }
      return hand_over_to_cargo(session_, *preparation->hand_over, shell, preparation->cargo);
    }
    if (!preparation->prepared) {
      screen_->shell().err_raw(preparation->words);
      return preparation->exit_code;
    }
    prepared_ = std::move(*preparation->prepared);
    return std::nullopt;
  }

  Result<int> build() {
    PCARGO_ASSIGN(const auto terminal, prepare::resolve_terminal_options(prepared_->config, line_));
    screen_ = std::make_unique<Screen>(terminal, prepared_->cargo.environment);
    PCARGO_ASSIGN(const auto format, report::parse_message_format(line_.message_formats));
    PCARGO_ASSIGN(const bool shows_incompat, prepare::shows_future_incompat(prepared_->config));
    PCARGO_ASSIGN(const auto sweep_limits, read_sweep_limits());
    PCARGO_ASSIGN(journals_kept_, read_journals_kept());
    PCARGO_ASSIGN(late_linking_, late_linking(line_.late_link, session_.environment, prepared_->config));
    PCARGO_ASSIGN(const auto gate, find_gate(late_linking_));
    PCARGO_ASSIGN(memory_limit_, memory_limit(line_.memory, session_.environment, prepared_->config, files_));
    PCARGO_ASSIGN(tells_timings_, tells_timings(session_.environment, prepared_->config, terminal.verbosity > 0));
    PCARGO_ASSIGN(auto hash_map, read_test_hash_map());
    PCARGO_ASSIGN(plan_,
                  plan::BuildPlan::make(std::move(prepared_->graph),
                                        std::move(prepared_->packages),
                                        std::move(prepared_->settings),
                                        std::move(hash_map),
                                        linking_of(late_linking_, gate.has_value())));
    const auto& settings = plan_->settings();
    auto& shell = screen_->shell();
    shell.write_down(&said_);
    shell.paint_as(report::palette_of(settings.toolchain.capabilities));
    const auto said_before = said_.size();
    lock_begin_ = since_begin();
    PCARGO_ASSIGN(const auto lock, lock_with_words(plan_->layout().private_root(), typed_command(session_), &shell));
    if (const auto waited = since_begin() - lock_begin_; waited >= kNoticed) {
      locked_ = waited;
    }
    if (said_.size() != said_before) {
      standing_.list().refuse();  // who waited has said so
    }
    if (const auto& note = settings.toolchain.capabilities.note; !note.empty()) {
      shell.note(note);
    }
    if (!prepared_->cargo_told_collisions) {
      report::show_collisions(plan::find_collisions(*plan_), settings.toolchain.capabilities.draws_collisions, &shell);
    }

    report::ConsoleContext context{plan_->graph(), plan_->packages(), settings};
    context.message_format = format;
    context.explains = line_.explain;
    context.base_profile = {prepared_->base_profile.opt_level, prepared_->base_profile.has_debuginfo};
    context.out_dir = [this](UnitId unit) { return plan_->out_dir(unit); };
    context.elapsed = [this] { return std::chrono::steady_clock::now() - begin_; };
    context.future_incompat = {
        line_.future_incompat_report,
        shows_incompat,
        settings.build_directory,
        &files_,
        [](const std::string& path, std::string_view text) { return platform::write_file_by_rename(path, text); }};
    report::Console console(std::move(context), shell, screen_->progress());
    is_first_ = is_first_build();
    PCARGO_ASSIGN(const auto outcome, work(console, lock.is_effective(), gate, sweep_limits));
    if (outcome.signal != 0) {
      platform::die_of_signal(outcome.signal);
    }
    if (outcome.outcome != Outcome::kSuccess) {
      return kFailure;
    }
    if (is_plain() && !screen_->stdout_is_broken() && !screen_->stderr_is_broken()) {
      PCARGO_TRY(
          standing_.build_ended(*prepared_, *plan_, std::move(said_), shell.verbosity() != report::Verbosity::kQuiet));
    }
    return line_.command == "run" ? run_program() : screen_->stdout_is_broken() ? kFailure : 0;
  }

  /// All that is written to the build directories. What a kill leaves half made lies beside the directory of attempts,
  /// so that the next build finds it. `is_alone`: no other pcargo works there.
  Result<execute::BuildOutcome> work(report::Console& console,
                                     bool is_alone,
                                     const std::optional<std::string>& gate,
                                     const freshness::SweepLimits& sweep_limits) {
    PCARGO_ASSIGN(auto attempts, execute::Attempts::open(*plan_, is_alone));
    PCARGO_TRY(execute::create_build_directories(*plan_));
    PCARGO_ASSIGN(const auto outcome, drive(console, attempts, gate));
    if (outcome.outcome == Outcome::kSuccess && outcome.signal == 0) {
      PCARGO_TRY(execute::write_final_dep_info(*plan_, scripts_, files_));
      if (is_alone) {
        (void)freshness::sweep(plan_->settings().build_directory, sweep_limits, platform::file_clock_ns());
      }
    }
    return outcome;
  }

  Result<execute::BuildOutcome> drive(report::Console& console,
                                      execute::Attempts& attempts,
                                      const std::optional<std::string>& gate) {
    platform::EventLoop loop;
    execute::Driver* driver = nullptr;
    PCARGO_ASSIGN(const auto jobserver,
                  execute::Jobserver::open(
                      loop,
                      plan_->settings().environment,
                      static_cast<unsigned>(plan_->settings().jobs),
                      [&driver](int count) { driver->slots_granted(count); },
                      platform::room_for_jobs(execute::kDescriptorsOfARun)));
    if (jobserver->warning() && line_.verbose > 0) {
      screen_->shell().warn(*jobserver->warning());
    }
    freshness::Checker freshness(*plan_, scripts_, platform::boot_id());
    if (is_plain()) {
      freshness.list_in(&standing_.list());
    }
    execute::LateLinks late_links(*plan_, late_linking_, gate, attempts);
    record::BuildHistory history(*plan_, history_file(), platform::processor_name());
    tell_of(history);
    auto journal = journal_of(
        history.estimates(), console.notes(), [&driver](UnitId unit) { return driver->waited_for_memory(unit); });
    execute::ObserverList observers({&recorder_, &console, &journal});
    execute::Driver the_driver(
        loop,
        *plan_,
        *jobserver,
        observers,
        freshness,
        attempts,
        late_links,
        scripts_,
        build_order(plan_->actions(), history.estimates(), {plan_->settings().jobs, memory_limit_, is_first_}),
        {memory_limit_, record::peaks(history.estimates())});
    driver = &the_driver;
    const auto outcome = the_driver.run();
    history.keep(recorder_.measured());
    tell_of(history);
    if (const auto text = told_of(late_links, screen_->shell().verbosity() == report::Verbosity::kVerbose)) {
      screen_->shell().status("Linked late", *text);
    }
    if (const auto text = told_of(the_driver.shortage(), memory_limit_.value_or(0));
        text && screen_->shell().verbosity() == report::Verbosity::kVerbose) {
      screen_->shell().status("Memory", *text);
    }
    keep_notes(console.notes(), freshness, outcome.outcome);
    journal.command_ends();
    if (line_.timings) {
      PCARGO_TRY(report_timings(journal.file()));
    } else if (tells_timings_ && outcome.outcome == Outcome::kSuccess && !journal.file().empty()) {
      if (const auto line = timings_line_of(journal.file())) {
        screen_->shell().status("Timing", *line);
      }
    }
    return outcome;
  }

  Result<void> report_timings(const std::string& journal) const {
    if (journal.empty()) {
      screen_->shell().note("nothing had to run: there is no timing report of this build");
      return {};
    }
    PCARGO_ASSIGN(const auto report, save_timings_report(journal, plan_->settings().target_directory));
    screen_->shell().status("Timing", report.line);
    screen_->shell().status("Timing", "report saved to " + report.file);
    return {};
  }

  /// Of this profile, in this directory.
  bool is_first_build() const {
    const auto& graph = plan_->graph();
    if (graph.roots.empty()) {
      return false;
    }
    const std::string any = plan_->layout().record(graph.units[graph.roots.front()].platform, "any", 0);
    return platform::entry_kind(std::string(path::parent(any))) == FileKind::kNone;
  }

  record::JournalWriter journal_of(const record::Estimates& estimates,
                                   const report::BuildNotes& notes,
                                   std::function<bool(UnitId)> waited_for_memory) const {
    return record::JournalWriter(
        {*plan_,
         estimates,
         [this, planned = since_begin()] { return journal_head(planned); },
         [this] { return since_begin(); },
         [this, &notes](UnitId unit) { return notes.explain(unit, plan_->settings().workspace_root); },
         std::move(waited_for_memory),
         [this] { return platform::available_memory(files_); },
         journals_kept_});
  }

  record::BuildHead journal_head(record::Microseconds planned) const {
    const auto& settings = plan_->settings();
    record::BuildHead head;
    head.pcargo = PCARGO_VERSION;
    head.command = typed_command(session_);
    head.workspace = settings.workspace_root;
    head.rustc = settings.toolchain.release;
    head.profile = settings.requested_profile;
    head.processor = platform::processor_name();
    head.planned = planned;
    head.began_at_ms = platform::file_clock_ns() / 1'000'000 - since_begin() / 1000;
    head.lock_begin = lock_begin_;
    head.locked = locked_;
    head.memory_limit = memory_limit_.value_or(0);
    head.memory_bytes = static_cast<std::int64_t>(platform::available_memory(files_).value_or(0));
    head.jobs = settings.jobs;
    head.cores = static_cast<int>(platform::available_parallelism());
    return head;
  }

  record::Microseconds since_begin() const {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin_).count();
  }

  std::string history_file() const {
    const std::string own = prepare::own_directory(session_.environment, session_.current_directory);
    return own.empty() ? std::string() : path::join(own, "history.sqlite");
  }

  /// Once. The next build has nothing to tell, so its answer is another.
  void tell_of(const record::BuildHistory& history) {
    if (!history.note().empty() && !told_of_history_) {
      told_of_history_ = true;
      screen_->shell().note(history.note());
      standing_.list().refuse();
    }
  }

  /// For `pcargo why`. A build with nothing to do leaves the notes of the one before: they tell more, and cost nothing.
  void keep_notes(const report::BuildNotes& notes, const freshness::Checker& freshness, Outcome outcome) const {
    if (!notes.anything_ran()) {
      return;
    }
    auto build = notes.to_last_build(plan_->graph(), plan_->packages());
    freshness::note_records(*plan_, &build);
    for (const auto& [unit, cause] : freshness.unsettled()) {
      build.units[unit.value].unsettled = cause.describe(plan_->settings().workspace_root);
    }
    build.command = typed_command(session_);
    build.workspace_root = plan_->settings().workspace_root;
    build.ended_at = std::time(nullptr);
    build.outcome = outcome;
    (void)freshness::write_last_build(plan_->layout().private_root(), build);  // the build is none the worse for it
  }

  /// Says no more than what the same command would say again, and goes by files that can be listed.
  bool is_plain() const {
    return !line_.plan_file && !line_.unit_graph_file && !line_.build_plan_file &&
           (line_.command == "build" || line_.command == "check") && plan_->settings().verbosity == 0 &&
           line_.message_formats.empty() && !line_.future_incompat_report && !line_.timings;
  }

  /// Becomes the program that was built. The planner has seen to it that there is exactly one.
  Result<int> run_program() {
    for (UnitId root : plan_->graph().roots) {
      const auto program = plan_->executable(root);
      if (!program) {
        continue;
      }
      auto invocation = plan_->program_invocation(root, shown_program(*program), line_.trailing_arguments, scripts_);
      screen_->shell().status("Running", invocation.display(plan_->settings().verbosity >= 2));
      Environment environment = plan_->settings().environment;
      for (const auto& [name, value] : invocation.set_environment) {
        environment.set(name, value);
      }
      return platform::replace_process(invocation.argv, environment);
    }
    return Error{ErrorKind::kInput, "a bin target must be available for `cargo run`"};
  }

  /// Relative to where the user is, as cargo shows and starts it.
  std::string shown_program(const std::string& program) const {
    const auto relative = path::strip_prefix(program, session_.current_directory);
    if (!relative) {
      return program;
    }
    return relative->find('/') == std::string_view::npos ? "./" + std::string(*relative) : std::string(*relative);
  }

  Result<freshness::SweepLimits> read_sweep_limits() const {
    freshness::SweepLimits limits;
    std::uint64_t gibibytes = limits.bytes >> 30U;
    PCARGO_TRY(read_number("PCARGO_KEEP_DAYS", &limits.unused_days));
    PCARGO_TRY(read_number("PCARGO_KEEP_GIB", &gibibytes));
    limits.bytes = gibibytes << 30U;
    return limits;
  }

  Result<std::size_t> read_journals_kept() const {
    std::size_t kept = record::kJournalsKept;
    PCARGO_ASSIGN(const auto configured, prepared_->config.get_integer("pcargo.keep-journals"));
    if (configured && configured->value < 1) {
      return Error{ErrorKind::kUsage, "the config value `pcargo.keep-journals` must be above zero"};
    }
    kept = configured ? static_cast<std::size_t>(configured->value) : kept;
    PCARGO_TRY(read_number("PCARGO_KEEP_JOURNALS", &kept));
    return kept;
  }

  /// Leaves `number` as it is when the variable is not set.
  template <class Number>
  Result<void> read_number(const char* variable, Number* number) const {
    const auto text = session_.environment.get(variable);
    if (!text) {
      return {};
    }
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc() || end != text->data() + text->size() || value == 0) {
      return Error{ErrorKind::kUsage,
                   std::string(variable) + " must be a whole number above zero, but is `" + *text + "`"};
    }
    *number = value;
    return {};
  }

  /// For tests that compare bytes with cargo's: `ours theirs` a line.
  Result<plan::HashMap> read_test_hash_map() const {
    plan::HashMap map;
    const auto file = session_.environment.get("PCARGO_TEST_HASH_MAP");
    if (!file) {
      return map;
    }
    PCARGO_ASSIGN(const auto text, platform::read_file(*file));
    std::istringstream words(text);
    for (std::string ours, theirs; words >> ours >> theirs;) {
      map[ours] = theirs;
    }
    return map;
  }

  const Session& session_;
  prepare::CommandLine line_;
  StandingAnswer& standing_;
  std::chrono::steady_clock::time_point begin_;
  platform::RealFileSystem files_;
  std::unique_ptr<Screen> screen_;
  std::optional<prepare::Prepared> prepared_;
  std::unique_ptr<const plan::BuildPlan> plan_;
  plan::ScriptOutputs scripts_;
  bool is_first_ = false;
  std::optional<std::int64_t> memory_limit_;
  bool tells_timings_ = false;  ///< in a line at the end
  record::Microseconds lock_begin_ = 0;
  record::Microseconds locked_ = 0;  ///< another had the lock for so long
  std::size_t journals_kept_ = record::kJournalsKept;
  execute::LateLinking late_linking_ = execute::LateLinking::kNever;
  Transcript said_;
  record::Recorder recorder_{[] { return std::int64_t{std::chrono::steady_clock::now().time_since_epoch().count()}; }};
  bool told_of_history_ = false;
};

}  // namespace

prepare::PrepareRequest prepare_request(const Session& session, const prepare::CommandLine& line) {
  prepare::PrepareRequest request;
  request.command_line = line;
  request.environment = session.environment;
  request.current_directory = session.current_directory;
  request.own_executable = session.own_executable;
  request.cores = static_cast<int>(platform::available_parallelism());
  request.stderr_is_terminal = platform::is_terminal(STDERR_FILENO);
  return request;
}

int run_compile_command(const Session& session,
                        const std::optional<std::string>& toolchain,
                        const std::string& command,
                        const std::vector<std::string>& arguments,
                        StandingAnswer* standing) {
  auto parsed = parse_compile_options(command, arguments);
  parsed.command_line.toolchain = toolchain;
  if (parsed.help) {
    std::fputs(compile_help(command).c_str(), stdout);
    return 0;
  }
  if (parsed.hand_over) {
    Screen screen(early_options(parsed.command_line), session.environment);
    return hand_over_to_cargo(session, *parsed.hand_over, parsed.command_line.verbose > 0 ? &screen.shell() : nullptr);
  }
  return CompileCommand(session, std::move(parsed.command_line), standing).run();
}

}  // namespace pcargo::cli
