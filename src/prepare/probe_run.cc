// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/probe_run.h"

#include "base/command_text.h"
#include "platform/exit_text.h"

#include <utility>

namespace pcargo::prepare {
namespace {

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
}

/// With what it wrote below, where that is more than blanks (cargo 1.95: crates/cargo-util, process_error.rs).
Error probe_failed(const std::vector<std::string>& argv, const platform::Completed& completed) {
  std::string text = platform::describe_failure(display_command({}, argv), completed.status);
  if (!is_blank(completed.out)) {
    text += "\n--- stdout\n" + completed.out;
  }
  if (!is_blank(completed.err)) {
    text += "\n--- stderr\n" + completed.err;
  }
  return Error{ErrorKind::kEnvironment, text};
}

constexpr const char* kLearning = "failed to run `rustc` to learn about target-specific information";

}  // namespace

ProbeRun::ProbeRun(platform::EventLoop& loop, ProbeQuestion question, Answers* answers)
    : loop_(loop), answers_(answers), question_(std::move(question)) {
  ask_version();
}

Result<ProbeAnswer> ProbeRun::take() {
  if (error_) {
    return *std::move(error_);
  }
  PCARGO_CHECK(version_.has_value());
  ProbeAnswer answer;
  answer.version = *std::move(version_);
  for (auto& round : rounds_) {
    PCARGO_CHECK(round->probe.has_value());
    answer.targets.push_back({std::move(round->target), *std::move(round->probe), std::move(round->rustflags)});
  }
  return answer;
}

platform::SpawnOptions ProbeRun::options(std::vector<std::string> argv, bool quiet_log) const {
  platform::SpawnOptions options;
  options.argv = std::move(argv);
  Environment environment = question_.environment;
  if (quiet_log) {
    environment.remove("RUSTC_LOG");
  }
  options.environment = environment.to_block();
  options.search_path = environment.get("PATH").value_or("");
  options.working_directory = question_.working_directory;
  options.inherited_descriptors = question_.inherited_descriptors;
  options.own_process_group = false;  // Ctrl-C ends it with us
  return options;
}

void ProbeRun::fail(Error error) {
  if (!error_) {
    error_ = std::move(error);
  }
}

void ProbeRun::ask_version() {
  auto argv = question_.rustc.program();
  argv.emplace_back("-vV");
  auto child = Capture::ask(loop_, options(std::move(argv), false), answers_, [this](platform::Completed completed) {
    take_version(std::move(completed));
  });
  if (!child) {
    fail(std::move(child).error());
    return;
  }
  version_child_ = *std::move(child);
}

void ProbeRun::take_version(platform::Completed completed) {
  if (!completed.status.success()) {
    auto argv = question_.rustc.program();
    argv.emplace_back("-vV");
    fail(probe_failed(argv, completed));
    return;
  }
  auto version = parse_verbose_version(std::move(completed.out));
  if (!version) {
    fail(std::move(version).error());
    return;
  }
  version_ = *std::move(version);

  std::vector<std::optional<std::string>> targets = {std::nullopt};
  targets.insert(targets.end(), question_.targets.begin(), question_.targets.end());
  for (auto& target : targets) {
    auto round = std::make_unique<Round>();
    round->target = target == "host-tuple" ? version_->host : std::move(target);
    rounds_.push_back(std::move(round));
  }
  for (auto& round : rounds_) {
    auto flags = question_.rustflags(version_->host, round->target, nullptr);
    if (!flags) {
      fail(std::move(flags).error());
      return;
    }
    round->rustflags = *std::move(flags);
    ask_about(round.get());
  }
}

void ProbeRun::ask_about(Round* round) {
  round->argv = question_.rustc.program();
  auto arguments = target_probe_arguments(version_->release, round->rustflags, round->target);
  round->argv.insert(round->argv.end(), arguments.begin(), arguments.end());
  auto child =
      Capture::ask(loop_, options(round->argv, true), answers_, [this, round](const platform::Completed& completed) {
        take_target(round, completed);
      });
  if (!child) {
    fail(std::move(child).error().context(kLearning));
    return;
  }
  round->child = *std::move(child);
}

void ProbeRun::take_target(Round* round, const platform::Completed& completed) {
  if (auto checked = check_target(round, completed); !checked) {
    fail(std::move(checked).error());
  }
}

Result<void> ProbeRun::check_target(Round* round, const platform::Completed& completed) {
  if (!completed.status.success()) {
    return probe_failed(round->argv, completed).context(kLearning);
  }
  std::string triple = round->target ? target_short_name(*round->target) : version_->host;
  PCARGO_ASSIGN(TargetProbe probe,
                parse_target_probe(version_->release, round->argv, triple, completed.out, completed.err));

  // Flags define cfgs and cfgs choose flags: cargo goes round at most twice, and keeps what it asked with.
  PCARGO_ASSIGN(auto flags, question_.rustflags(version_->host, round->target, &probe.info));
  if (flags != round->rustflags && round->turn == 0) {
    round->turn = 1;
    round->first_cfg = std::move(probe.info.cfg);
    round->rustflags = std::move(flags);
    ask_about(round);
    return {};
  }
  probe.first_cfg = round->turn == 0 ? probe.info.cfg : std::move(round->first_cfg);
  round->probe = std::move(probe);
  return {};
}

}  // namespace pcargo::prepare
