// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/planning_run.h"

#include "base/command_text.h"
#include "cargo/capabilities.h"
#include "platform/exit_text.h"

#include <fcntl.h>

#include <charconv>
#include <string_view>
#include <utility>

namespace pcargo::prepare {

using platform::Stream;

PlanningRun::PlanningRun(platform::EventLoop& loop, const PlanningQuestion& question, Answers* answers)
    : loop_(loop), answers_(answers) {
  if (!question.unit_graph.empty()) {
    start_unit_graph(question);
  }
  start(&metadata_, cargo_options(question.metadata, question.environment));
  if (!question.version.empty()) {
    start(&version_, cargo_options(question.version, question.environment));
  }
}

void PlanningRun::start_unit_graph(const PlanningQuestion& question) {
  platform::SpawnOptions options = cargo_options(question.unit_graph, question.unit_graph_environment);
  options.standard_input = Stream::kInherit;
  options.inherited_descriptors = question.inherited_descriptors;
  const Question asked = question_of(options);
  unit_graph_.argv = options.argv;
  if (auto known = answers_->take(asked)) {
    unit_graph_.completed = *std::move(known);
    return;
  }
  if (auto given = give_scratch_directory(question, &options); !given) {
    error_ = std::move(given).error();
    return;
  }
  const bool through_us = answers_->is_on() && (!question.stderr_is_terminal || answers_->knows_all_but_stderr(asked));
  options.standard_error = through_us ? Stream::kPipe : Stream::kInherit;
  if (through_us && question.stderr_is_terminal && question.may_colour) {
    options.argv.insert(options.argv.begin() + 3, {"--color", "always"});  // behind the command and --unit-graph
  }
  auto done = [this, asked, through_us](platform::Completed completed) {
    if (completed.status.success()) {
      answers_->add(asked, {completed.out, completed.err, !through_us});
    }
    unit_graph_.completed = std::move(completed);
  };
  // What names a directory that is gone is of no use to anyone; a terminal is cargo's own.
  const auto shown = scratch_ && through_us ? Capture::Stderr::kCollect : Capture::Stderr::kCollectAndShow;
  started(&unit_graph_, Capture::start(loop_, options, std::move(done), shown));
}

Result<void> PlanningRun::give_scratch_directory(const PlanningQuestion& question, platform::SpawnOptions* options) {
  if (!question.in_scratch_directory) {
    return {};
  }
  const std::string parent = question.environment.get("TMPDIR").value_or("");
  PCARGO_ASSIGN(scratch_, platform::ScratchDirectory::make(parent.empty() ? "/tmp" : parent, "pcargo-plan"));
  const std::string& path = scratch_->path();
  options->argv.insert(options->argv.begin() + 3, {"--target-dir", path});
  if (question.has_build_directory) {
    options->argv.insert(options->argv.begin() + 3, {"--config", "build.build-dir='" + path + "'"});
  }
  return {};
}

void PlanningRun::start(Child* child, const platform::SpawnOptions& options) {
  child->argv = options.argv;
  started(child, Capture::ask(loop_, options, answers_, [child](platform::Completed completed) {
            child->completed = std::move(completed);
          }));
}

void PlanningRun::started(Child* child, Result<std::unique_ptr<Capture>> capture) {
  if (capture) {
    child->capture = *std::move(capture);
  } else if (!error_) {
    error_ = std::move(capture).error();
  }
}

Result<PlanningAnswer> PlanningRun::take() {
  if (error_) {
    return *std::move(error_);
  }
  PCARGO_CHECK(metadata_.completed.has_value());
  PlanningAnswer answer;
  answer.version_text = version_.completed ? version_.completed->out : std::string();
  answer.version = version_number(answer.version_text);
  for (const Child* child : {&unit_graph_, &metadata_}) {
    if (child->completed && child->completed->status.signal != 0) {
      // Cargo cannot have said so itself.
      return Error{ErrorKind::kEnvironment,
                   "`cargo` did not plan the build",
                   {"process didn't exit successfully: " + display_command({}, child->argv) + " (" +
                    platform::describe_status(child->completed->status) + ")"}};
    }
  }
  if (unit_graph_.completed && !unit_graph_.completed->status.success()) {
    answer.exit_code = exit_code_of(unit_graph_.completed->status);
    answer.refuses_unit_graph = unit_graph_is_refused();
    if (scratch_) {
      answer.words = std::move(unit_graph_.completed->err);
    }
    return answer;
  }
  // What the unlocked run let pass and plain cargo does not, `cargo-features` of a member above all.
  if (!metadata_.completed->status.success()) {
    answer.exit_code = exit_code_of(metadata_.completed->status);
    answer.words = std::move(metadata_.completed->err);
    return answer;
  }
  const bool graph_spoke = unit_graph_.completed && !unit_graph_.completed->err.empty();
  if (graph_spoke || !metadata_.completed->err.empty()) {
    answers_->refuse();  // a warning is shown each time
  }
  if (scratch_) {
    answer.scratch_directory = scratch_->path();
    answer.said_of_scratch_directory = std::move(unit_graph_.completed->err);
  }
  if (unit_graph_.completed) {
    answer.unit_graph = std::move(unit_graph_.completed->out);
  }
  answer.metadata = std::move(metadata_.completed->out);
  return answer;
}

/// A mistake in the user's words has the same exit code. Where cargo had the terminal to itself only its version tells.
bool PlanningRun::unit_graph_is_refused() const {
  constexpr int kUsage = 1;
  if (exit_code_of(unit_graph_.completed->status) != kUsage) {
    return false;
  }
  if (unit_graph_.completed->err.find("'--unit-graph'") != std::string::npos) {
    return true;
  }
  return !cargo::capabilities_of(version_.completed ? version_number(version_.completed->out) : "").has_unit_graph;
}

platform::SpawnOptions cargo_options(std::vector<std::string> argv, const Environment& environment) {
  platform::SpawnOptions options;
  options.argv = std::move(argv);
  options.environment = environment.to_block();
  options.search_path = environment.get("PATH").value_or("");
  options.own_process_group = false;
  return options;
}

std::string version_number(const std::string& text) {
  std::size_t start = text.find(' ');
  if (start == std::string::npos) {
    return {};
  }
  return text.substr(start + 1, text.find_first_of(" \n", start + 1) - start - 1);
}

int exit_code_of(const platform::ExitStatus& status) {
  return status.signal != 0 ? 128 + status.signal : status.code;
}

std::vector<int> jobserver_descriptors(const Environment& environment) {
  for (const char* name : {"CARGO_MAKEFLAGS", "MAKEFLAGS", "MFLAGS"}) {
    std::string flags = environment.get(name).value_or("");
    for (std::string_view option : {"--jobserver-auth=", "--jobserver-fds="}) {
      std::size_t at = flags.rfind(option);
      if (at == std::string::npos) {
        continue;
      }
      const char* end = flags.data() + flags.size();
      int read_end = -1;
      int write_end = -1;
      auto first = std::from_chars(flags.data() + at + option.size(), end, read_end);
      if (first.ec != std::errc() || first.ptr == end || *first.ptr != ',') {
        return {};
      }
      auto second = std::from_chars(first.ptr + 1, end, write_end);
      bool valid = second.ec == std::errc() && read_end > 2 && write_end > 2 && ::fcntl(read_end, F_GETFD) >= 0 &&
                   ::fcntl(write_end, F_GETFD) >= 0;
      return valid ? std::vector<int>{read_end, write_end} : std::vector<int>();
    }
  }
  return {};
}

}  // namespace pcargo::prepare
