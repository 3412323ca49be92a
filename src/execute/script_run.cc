// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/script_run.h"

#include "base/path.h"
#include "plan/unit_rules.h"
#include "platform/files.h"

#include <algorithm>
#include <cctype>
#include <csignal>

namespace pcargo::execute {

namespace {

// What a script prints is kept whole until it ends, as cargo does; but one that never stops must not take the machine
// with it.
constexpr std::size_t kMostOutput = std::size_t{256} << 20;

bool is_blank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isspace(c) != 0; });
}

std::optional<std::string_view> strip(std::string_view line, std::string_view prefix) {
  if (line.substr(0, prefix.size()) != prefix) {
    return std::nullopt;
  }
  return line.substr(prefix.size());
}

std::string upper(std::string text) {
  std::transform(
      text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

}  // namespace

ScriptRun::ScriptRun(const RunContext& context, UnitId unit)
    : context_(context),
      unit_(unit),
      stdout_lines_([this](std::string_view line, bool) { echo(line, true); }),
      stderr_lines_([this](std::string_view line, bool) { echo(line, false); }),
      place_(context.loop, context.plan.unit_lock(unit)) {}

Result<void> ScriptRun::start() {
  return place_.when_free([this] { return begin(); },
                          [this](Error error) { context_.sink.finished(unit_, UnitFailure{std::move(error)}); },
                          [this] { context_.observer.unit_waits(unit_); });
}

void ScriptRun::signal(int signal_number) {
  place_.give_up();
  child_.signal(signal_number);
}

Result<void> ScriptRun::begin() {
  PCARGO_TRY(context_.freshness.begin(unit_));
  PCARGO_TRY(platform::create_directories(context_.plan.out_dir(unit_)));
  PCARGO_TRY(platform::create_directories(context_.plan.script_record(unit_)));
  invocation_ = context_.plan.script_invocation(unit_, context_.scripts);
  context_.observer.unit_started(unit_, invocation_);
  platform::ChildProcess::Callbacks callbacks;
  callbacks.on_stdout = [this](std::string_view bytes) {
    keep(&out_, bytes);
    stdout_lines_.feed(bytes);
  };
  callbacks.on_stderr = [this](std::string_view bytes) {
    keep(&err_, bytes);
    stderr_lines_.feed(bytes);
  };
  callbacks.on_over = [this](const platform::ExitStatus& status, bool) { over(status); };
  const auto lock = place_.descriptor();
  auto child = spawn_invocation(
      context_, invocation_, std::move(callbacks), lock ? std::vector<int>{*lock} : std::vector<int>());
  if (!child) {
    return std::move(child).error().context(headline());
  }
  child_ = *std::move(child);
  place_.name_owner(child_.pid());
  return {};
}

void ScriptRun::keep(std::string* kept, std::string_view bytes) {
  if (said_too_much_) {
    return;
  }
  if (bytes.size() <= kMostOutput - kept->size()) {
    kept->append(bytes);
    return;
  }
  said_too_much_ = true;
  child_.signal(SIGKILL);
}

void ScriptRun::echo(std::string_view line, bool to_stdout) {
  if (context_.plan.settings().verbosity < 2) {
    return;
  }
  const auto& package = context_.plan.package(unit_);
  const std::string marked = "[" + package.name + " " + package.version + "] " + std::string(line);
  if (to_stdout) {
    context_.observer.stdout_line(unit_, marked);
  } else {
    context_.observer.stderr_line(unit_, marked);
  }
}

void ScriptRun::over(const platform::ExitStatus& status) {
  stdout_lines_.finish();
  stderr_lines_.finish();
  context_.observer.process_ended(unit_, status);
  auto accepted = accept(status);
  if (!accepted) {
    context_.observer.build_script_failed(unit_, logged_so_far());
    context_.sink.finished(unit_, UnitFailure{std::move(accepted).error()});
    return;
  }
  context_.sink.finished(unit_, std::nullopt);
}

Result<void> ScriptRun::accept(const platform::ExitStatus& status) {
  if (said_too_much_) {
    return Error{ErrorKind::kCommandFailed,
                 headline(),
                 {"it was killed because it printed more than " + std::to_string(kMostOutput >> 20) + " MiB"}};
  }
  if (!status.success()) {
    return failed_command(status);
  }
  const auto logged = logged_so_far();
  for (const auto& [severity, text] : logged.log_messages) {
    if (severity == cargo::BuildScriptOutput::Severity::kError) {
      return Error{ErrorKind::kCommandFailed, "build script logged errors"};
    }
  }
  PCARGO_ASSIGN(auto output, cargo::parse_build_script_output(out_, context_.plan.script_context(unit_)));
  const std::string record = context_.plan.script_record(unit_);
  PCARGO_TRY(platform::write_file_by_rename(path::join(record, "output"), out_));
  PCARGO_TRY(platform::write_file_by_rename(path::join(record, "stderr"), err_));
  const auto& stored = context_.scripts[unit_] = std::move(output);
  context_.freshness.commit_script(unit_, stored, out_);
  context_.observer.build_script_finished(unit_, stored, BuildObserver::ScriptAnswer::kRan);
  return {};
}

std::string ScriptRun::headline() const {
  return "failed to run custom build command for `" + context_.plan.script_context(unit_).package_description + "`";
}

Error ScriptRun::failed_command(const platform::ExitStatus& status) const {
  std::string message = headline();
  const auto compile = plan::script_compile_unit(context_.plan.graph(), unit_);
  const auto backtrace = context_.plan.settings().environment.get("RUST_BACKTRACE");
  const bool is_hinted = context_.plan.settings().toolchain.capabilities.has_backtrace_hint;
  if (is_hinted && backtrace && *backtrace != "0" && compile &&
      !context_.plan.graph().profile(*compile).has_debuginfo()) {
    message += "\nnote: To improve backtraces for build dependencies, set the CARGO_PROFILE_" +
               upper(context_.plan.graph().profile(unit_).name) +
               "_BUILD_OVERRIDE_DEBUG=true environment variable to enable debug information generation.";
  }
  std::string cause = describe_exit(context_, invocation_, status);
  if (!is_blank(out_)) {
    cause += "\n--- stdout\n" + out_;
  }
  if (!is_blank(err_)) {
    cause += "\n--- stderr\n" + err_;
  }
  return Error{ErrorKind::kCommandFailed, std::move(message), {std::move(cause)}};
}

cargo::BuildScriptOutput ScriptRun::logged_so_far() const {
  using Severity = cargo::BuildScriptOutput::Severity;
  cargo::BuildScriptOutput logged;
  std::string_view rest = out_;
  while (!rest.empty()) {
    const auto newline = rest.find('\n');
    std::string_view line = rest.substr(0, newline);
    rest = newline == std::string_view::npos ? std::string_view() : rest.substr(newline + 1);
    if (!line.empty() && line.back() == '\r') {
      line.remove_suffix(1);
    }
    if (auto error = strip(line, "cargo::error=")) {
      logged.log_messages.emplace_back(Severity::kError, *error);
    } else if (auto warning = strip(line, "cargo:warning=")) {
      logged.log_messages.emplace_back(Severity::kWarning, *warning);
    } else if (auto new_warning = strip(line, "cargo::warning=")) {
      logged.log_messages.emplace_back(Severity::kWarning, *new_warning);
    }
  }
  return logged;
}

}  // namespace pcargo::execute
