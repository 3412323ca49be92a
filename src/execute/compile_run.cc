// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/compile_run.h"

#include "base/path.h"
#include "execute/argument_file.h"
#include "execute/cargo_lock.h"
#include "execute/late_links.h"
#include "execute/memory_kill.h"
#include "execute/rustc_message.h"
#include "platform/files.h"
#include "platform/real_file_system.h"
#include "platform/sha256.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

namespace pcargo::execute {

using Flavor = plan::OutputFile::Flavor;
using Said = freshness::Message::Kind;

namespace {

/// Does the path that rustc writes to matter? What it makes may hold it: `.dwo` and `.dSYM` names, a program's path to
/// its libraries, the name of its `.pdb`. And with another one rustc uses nothing of what it kept to use again.
bool needs_fixed_place(const std::vector<std::string>& argv, const std::string& target) {
  constexpr std::array<std::string_view, 2> kTargets = {"-apple-", "-windows-msvc"};
  constexpr std::array<std::string_view, 3> kCodegenOptions = {"split-debuginfo", "rpath", "incremental="};
  const auto is_such_an_option = [&](std::string_view word) {
    for (std::string_view option : {"-C", "--codegen="}) {
      if (word.starts_with(option)) {
        word.remove_prefix(option.size());
      }
    }
    return std::any_of(kCodegenOptions.begin(), kCodegenOptions.end(), [word](std::string_view option) {
      return word.starts_with(option);
    });
  };
  return std::any_of(kTargets.begin(),
                     kTargets.end(),
                     [&target](std::string_view part) { return target.find(part) != std::string::npos; }) ||
         std::any_of(argv.begin(), argv.end(), is_such_an_option);
}

/// A panic of rustc's ends with 101, an error in the code with 1. What the user or the system killed did not crash.
bool is_compiler_crash(const platform::ExitStatus& status) {
  constexpr std::array<int, 6> kCrashes = {SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGTRAP};
  return status.signal != 0 ? std::find(kCrashes.begin(), kCrashes.end(), status.signal) != kCrashes.end()
                            : status.code == 101;
}

/// wait4 tells the larger of rustc's peak and its linker's. If that is the linker's, rustc's memory comes on top.
platform::ExitStatus with_both_peaks(platform::ExitStatus status,
                                     const std::optional<platform::ProcessMemory>& at_objects) {
  if (at_objects && status.max_rss_kib * 1024 > at_objects->peak) {
    status.max_rss_kib += at_objects->now / 1024;
  }
  return status;
}

}  // namespace

CompileRun::CompileRun(const RunContext& context, UnitId unit, bool is_late)
    : context_(context),
      unit_(unit),
      outputs_(context.plan.outputs(unit)),
      messages_(context.observer, unit),
      stdout_lines_([this](std::string_view line, bool) { say(Said::kStdoutLine, line); }),
      stderr_lines_([this](std::string_view line, bool) { stderr_line(line); }),
      is_late_(is_late) {}

CompileRun::~CompileRun() {
  if (!gate_directory_.empty()) {
    (void)platform::remove_tree(gate_directory_);
  }
}

Result<void> CompileRun::start() {
  PCARGO_TRY(platform::create_directories(context_.plan.output_directory(unit_)));
  const auto& target = context_.plan.graph().target(unit_);
  if (target.is_test() || target.is_bench()) {
    PCARGO_TRY(platform::create_directories(context_.plan.layout().tmp(context_.plan.graph().units[unit_].platform)));
  }
  invocation_ = context_.plan.compile_invocation(unit_, context_.scripts);
  if (!needs_fixed_place(invocation_.argv, context_.plan.graph().platform(unit_))) {
    PCARGO_TRY(open_attempt());
    return begin();
  }
  place_.emplace(context_.loop, context_.plan.unit_lock(unit_));
  return place_->when_free([this] { return begin(); },
                           [this](Error error) { context_.sink.finished(unit_, UnitFailure{std::move(error)}); },
                           [this] { context_.observer.unit_waits(unit_); });
}

void CompileRun::signal(int signal_number) {
  if (signal_number == SIGSTOP || signal_number == SIGCONT) {
    child_.signal(signal_number);
    return;
  }
  was_signalled_ = true;
  if (waits_to_start_over_) {  // nothing runs that would end
    timer_.emplace(context_.loop, 0, 0, [this] {
      context_.sink.finished(unit_, UnitFailure{{ErrorKind::kCommandFailed, "interrupted before its link"}});
    });
    return;
  }
  if (place_) {
    place_->give_up();
    context_.attempts.expect_litter();
  }
  child_.signal(signal_number);
}

Result<void> CompileRun::begin() {
  PCARGO_TRY(context_.freshness.begin(unit_));
  PCARGO_TRY(clear_outputs());
  context_.observer.unit_started(unit_, invocation_);
  auto launched = launch();
  if (!launched) {
    Error error = std::move(launched).error();
    error.kind = ErrorKind::kCommandFailed;  // the unit could not be compiled, whoever is to blame
    return error;
  }
  return {};
}

Result<void> CompileRun::launch() {
  if (is_late_) {
    PCARGO_TRY(open_gate());
  }
  PCARGO_ASSIGN(child_, spawn());
  if (gate_) {
    gate_->let_go();
  }
  if (place_) {
    place_->name_owner(child_.pid());
  }
  return {};
}

Result<void> CompileRun::open_gate() {
  auto& links = context_.late_links;
  const auto linker = links.linker_of(unit_, context_.scripts);
  if (!linker || !links.gate()) {  // it was there when the unit was chosen
    return Error{ErrorKind::kCommandFailed, "the linker is gone: nothing can be linked"};
  }
  PCARGO_TRY(links.make_stubs(unit_));
  PCARGO_ASSIGN(gate_directory_, links.make_gate_directory());
  gate_.emplace(context_.loop, [this](int) {
    is_at_gate_ = true;
    look_at_memory();
    context_.sink.reached(unit_, Milestone::kObjects);
  });
  PCARGO_TRY(gate_->open(*links.gate(), gate_directory_, *linker, links.replacements()));
  late_invocation_ = plan::late_linked(invocation_, links.stub_directories(), gate_->path());
  true_paths_ = {{gate_->path(), *linker}};
  for (const auto& [real, stubs] : links.stub_directories()) {
    true_paths_.push_back({stubs, real});
  }
  ++links.counts().late;
  return {};
}

/// What an earlier build left under the names of this one must not be taken for this one's: by a dependent that starts
/// on metadata, by us when rustc forgets an output, by a linker that writes into an old executable and all its hard
/// links. Nor may a directory stand in its way.
Result<void> CompileRun::clear_outputs() const {
  for (const auto& output : outputs_) {
    PCARGO_TRY(platform::remove_tree(output.path));
    if (output.flavor == Flavor::kRmeta) {
      // rustc prefers an .rlib that lies beside the .rmeta, even an older one.
      const auto stem = output.path.substr(0, output.path.rfind('.'));
      PCARGO_TRY(platform::remove_tree(stem + ".rlib"));
    }
  }
  PCARGO_TRY(platform::remove_tree(context_.plan.dep_info_path(unit_)));
  return {};
}

/// Where rustc writes, with `--out-dir` of the invocation set to it.
Result<void> CompileRun::open_attempt() {
  auto& words = invocation_.argv;
  const std::string directory = context_.plan.output_directory(unit_);
  PCARGO_ASSIGN(attempt_, context_.attempts.make(directory));
  const auto option = std::find(words.begin(), words.end(), "--out-dir");
  PCARGO_CHECK(option != words.end() && option[1] == directory);
  option[1] = attempt_.path_of(directory);
  return {};
}

Result<platform::ChildProcess> CompileRun::spawn() {
  const auto callbacks = [this] {
    platform::ChildProcess::Callbacks result;
    result.on_stdout = [this](std::string_view bytes) { stdout_lines_.feed(bytes); };
    result.on_stderr = [this](std::string_view bytes) { stderr_lines_.feed(bytes); };
    result.on_over = [this](const platform::ExitStatus& status, bool) { over(status); };
    return result;
  };
  std::vector<int> descriptors;
  if (const auto lock = place_ ? place_->descriptor() : std::nullopt) {
    descriptors.push_back(*lock);
  }
  if (gate_) {
    descriptors.push_back(gate_->descriptor());
  }
  const auto& invocation = gate_ ? late_invocation_ : invocation_;
  auto child = spawn_invocation(context_, invocation, callbacks(), descriptors);
  if (child || !platform::is_too_big(child.error())) {
    return child;
  }
  response_file_ = path::join(directory_of_attempts(context_.plan.layout().private_root()),
                              "arguments-" + std::to_string(getpid()) + "-" + std::to_string(unit_.value));
  PCARGO_ASSIGN(const auto shortened,
                with_argument_file(invocation, context_.plan.settings().toolchain.rustc, response_file_));
  return shortened ? spawn_invocation(context_, *shortened, callbacks(), descriptors) : std::move(child);
}

void CompileRun::stderr_line(std::string_view raw) {
  const std::string meant = gate_ ? with_true_paths(raw, true_paths_) : std::string();
  const std::string_view line = gate_ ? std::string_view(meant) : raw;  // it may be long
  names_stub_ |= line != raw;
  tells_of_no_memory_ |= tells_of_no_memory(line);
  const auto message = classify_rustc_line(line);
  switch (message.kind) {
    case RustcMessage::Kind::kNotJson:
      say(Said::kStderrLine, line);
      return;
    case RustcMessage::Kind::kArtifact:
      artifact_notice(message.artifact);
      return;
    case RustcMessage::Kind::kFutureIncompat:
      say(Said::kFutureIncompat, line);
      return;
    case RustcMessage::Kind::kDiagnostic:
      say(Said::kDiagnostic, line);
      return;
  }
}

/// An error waits until it is known that neither a stub is to blame nor memory.
void CompileRun::say(Said kind, std::string_view text) {
  messages_.say(kind, text, gate_ || (tells_of_no_memory_ && !is_alone_));
}

/// Only our own outputs, and only when they are there. A notice that names another file, or comes before its file, is
/// passed over: the end of the process will tell.
void CompileRun::artifact_notice(const std::string& artifact) {
  const auto absolute = path::normalize(path::join(invocation_.working_directory, artifact));
  for (const auto& output : outputs_) {
    const std::string written = attempt_.path_of(output.path);
    if (absolute != path::normalize(written) || platform::entry_kind(written) != FileKind::kFile) {
      continue;
    }
    if (output.flavor == Flavor::kRmeta) {
      metadata_notice(output);
    } else {
      context_.freshness.read_ahead(output.path, written);
    }
    return;
  }
}

/// Dependents start on this file.
void CompileRun::metadata_notice(const plan::OutputFile& output) {
  if (!metadata_reached_ && attempt_.show(output.path)) {
    metadata_reached_ = true;
    context_.freshness.metadata_ready(unit_);
    context_.sink.reached(unit_, Milestone::kMetadata);
  }
}

/// The outputs that exist. `rustc` may be told by the user to make others, so only an ordinary unit must have all of
/// its own.
Result<std::vector<plan::OutputFile>> CompileRun::collect_outputs() const {
  const bool user_decides = context_.plan.is_root(unit_) && !context_.plan.settings().extra_rustc_args.empty();
  std::vector<plan::OutputFile> present;
  for (const auto& output : outputs_) {
    if (platform::entry_kind(attempt_.path_of(output.path)) == FileKind::kFile) {
      present.push_back(output);
    } else if (output.is_required() && !user_decides) {
      return Error{ErrorKind::kCommandFailed,
                   "the compiler ended successfully but did not write `" + output.path + "`"};
    }
  }
  return present;
}

/// Damaged incremental files make a compiler crash, again and again. They are set aside, and the unit runs once more.
bool CompileRun::runs_again_after(const platform::ExitStatus& status) {
  const std::string kept = context_.plan.incremental_directory(unit_);
  const std::string option = "incremental=" + kept;
  const bool is_incremental =
      std::find(invocation_.argv.begin(), invocation_.argv.end(), option) != invocation_.argv.end();
  if (is_second_try_ || !is_incremental || !is_compiler_crash(status)) {
    return false;
  }
  is_second_try_ = true;
  const std::string set_aside = kept + ".crashed";
  if (!platform::move(kept, set_aside)) {
    return false;
  }
  context_.observer.unit_runs_again(unit_, set_aside);
  messages_.forget();
  return launch().has_value();
}

/// What ran out of memory beside others is run alone before anything is said of it. Dependents may have begun on its
/// metadata: that stays where it is.
bool CompileRun::waits_to_run_alone(const platform::ExitStatus& status) {
  if (is_alone_ || was_signalled_ || !may_be_killed_for_memory(status, tells_of_no_memory_)) {
    return false;
  }
  is_alone_ = true;
  if (gate_) {
    ++context_.late_links.counts().ordinary_after_all;
    fell_back_ = true;
    gate_.reset();
    is_late_ = false;
  }
  tells_of_no_memory_ = false;
  messages_.begin_again();
  waits_to_start_over_ = true;
  context_.sink.killed_for_memory(unit_, status);
  return true;
}

void CompileRun::run_alone() {
  waits_to_start_over_ = false;
  if (!metadata_reached_) {
    launch_in_the_ordinary_way();
  } else if (auto launched = launch(); !launched) {
    context_.sink.finished(unit_, UnitFailure{std::move(launched).error()});
  }
}

/// rustc keeps what it has while its linker runs.
void CompileRun::look_at_memory() {
  at_objects_ = platform::process_memory(platform::RealFileSystem(), child_.pid());
}

void CompileRun::permit_link() {
  is_permitted_ = true;
  if (std::exchange(waits_to_start_over_, false)) {
    launch_in_the_ordinary_way();
  } else if (gate_) {
    gate_->permit();
  }
}

/// Anything but an ordinary error in the source: those would cost each typo a second run.
bool CompileRun::stub_could_explain(const platform::ExitStatus& status) const {
  // A crate is not found, is another one than expected, is not one at all, or comes twice.
  static constexpr std::array<std::string_view, 6> kCodes = {"E0460", "E0462", "E0463", "E0464", "E0519", "E0786"};
  const auto names_code = [](const freshness::Message& message) {
    return std::any_of(kCodes.begin(), kCodes.end(), [&message](std::string_view code) {
      return message.text.find("\"code\":\"" + std::string(code)) != std::string::npos;
    });
  };
  const auto& held_back = messages_.held_back();
  return !was_signalled_ && (is_at_gate_ || names_stub_ || is_compiler_crash(status) ||
                             std::any_of(held_back.begin(), held_back.end(), names_code));
}

/// The ordinary way, once everything that it links is there.
void CompileRun::start_over() {
  ++context_.late_links.counts().ordinary_after_all;
  fell_back_ = true;
  messages_.begin_again();
  gate_.reset();
  is_late_ = false;
  if (is_permitted_) {
    launch_in_the_ordinary_way();
    return;
  }
  waits_to_start_over_ = true;
  if (!is_at_gate_) {
    context_.sink.reached(unit_, Milestone::kObjects);
  }
}

void CompileRun::launch_in_the_ordinary_way() {
  auto launched = attempt_.clear(context_.plan.output_directory(unit_));
  if (launched) {
    launched = clear_outputs();
  }
  if (launched) {
    launched = launch();
  }
  if (!launched) {
    context_.sink.finished(unit_, UnitFailure{std::move(launched).error()});
  }
}

/// The late-linked one ended well: it is done once more, and must give the same.
bool CompileRun::begins_to_verify() {
  if (context_.late_links.mode() != LateLinking::kVerify || !is_at_gate_) {
    return false;
  }
  if (auto aside = put_aside(); !aside) {
    context_.sink.finished(unit_, UnitFailure{std::move(aside).error()});
    return true;
  }
  messages_.begin_again();
  gate_.reset();
  is_late_ = false;
  launch_in_the_ordinary_way();
  return true;
}

Result<void> CompileRun::put_aside() {
  for (const auto& output : outputs_) {
    const std::string made = attempt_.path_of(output.path);
    if (platform::entry_kind(made) == FileKind::kFile) {
      const std::string aside = path::join(gate_directory_, "late-" + std::string(path::file_name(made)));
      PCARGO_TRY(platform::move(made, aside));
      to_compare_.emplace_back(aside, made);
    }
  }
  return {};
}

Result<void> CompileRun::compare_with_late() const {
  if (fell_back_ && context_.late_links.mode() == LateLinking::kVerify) {
    return Error{ErrorKind::kCommandFailed, "it can only be built in the ordinary way (--late-link=verify)"};
  }
  for (const auto& [late, ordinary] : to_compare_) {
    PCARGO_ASSIGN(const auto left, platform::sha256_of_file(late));
    PCARGO_ASSIGN(const auto right, platform::sha256_of_file(ordinary));
    if (!(left == right)) {
      return Error{ErrorKind::kCommandFailed,
                   "`" + ordinary + "` has other bytes when it is linked late (--late-link=verify)"};
    }
  }
  context_.late_links.counts().verified += to_compare_.empty() ? 0 : 1;
  return {};
}

void CompileRun::over(const platform::ExitStatus& status) {
  context_.observer.process_ended(unit_, with_both_peaks(status, std::exchange(at_objects_, {})));
  if (gate_) {
    gate_->catch_up();
  }
  stdout_lines_.finish();
  stderr_lines_.finish();
  if (!response_file_.empty()) {
    (void)platform::remove_file(response_file_);
  }
  if (place_ && status.signal != 0) {
    context_.attempts.expect_litter();
  }
  if (waits_to_run_alone(status)) {
    return;
  }
  if (gate_ && (status.success() ? !is_at_gate_ : stub_could_explain(status))) {
    start_over();  // one that has linked past the gate may have linked stubs
    return;
  }
  if (was_signalled_) {
    messages_.withdraw();  // that its linker was stopped is no error of its own
  }
  messages_.say_what_was_held_back();
  if (!status.success()) {
    if (runs_again_after(status)) {
      return;
    }
    const bool is_simple = status.signal == 0 && status.code <= 127;
    const bool is_for_memory = is_alone_ && !was_signalled_ && may_be_killed_for_memory(status, tells_of_no_memory_);
    context_.sink.finished(
        unit_,
        UnitFailure{
            {ErrorKind::kCommandFailed, describe_exit(context_, invocation_, status)}, is_simple, is_for_memory});
    return;
  }
  if (gate_ && begins_to_verify()) {
    return;
  }
  if (auto accepted = accept(); !accepted) {
    context_.sink.finished(unit_, UnitFailure{std::move(accepted).error()});
    return;
  }
  context_.sink.finished(unit_, std::nullopt);
}

Result<void> CompileRun::accept() {
  PCARGO_ASSIGN(const auto outputs, collect_outputs());
  PCARGO_TRY(compare_with_late());
  PCARGO_TRY(context_.freshness.confirm_toolchain());
  PCARGO_TRY(attempt_.publish(context_.plan.output_directory(unit_)));
  PCARGO_TRY(place_final_files(context_.plan, unit_, outputs));
  PCARGO_TRY(context_.freshness.commit_compile(unit_, outputs, messages_.take()));
  context_.observer.artifact_ready(unit_, outputs, false);
  return {};
}

}  // namespace pcargo::execute
