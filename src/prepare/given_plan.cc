// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/given_plan.h"

#include "cargo/relocation.h"
#include "plan/plan_file.h"
#include "prepare/build_options.h"
#include "prepare/given_graph.h"
#include "prepare/planning_run.h"
#include "prepare/settings_resolver.h"
#include "prepare/terminal_options.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pcargo::prepare {
namespace {

Result<void> refuse_what_is_planned(const CommandLine& line) {
  // Nobody is asked for the network or the lock file.
  static constexpr std::array<std::string_view, 3> kWithoutEffect = {"--offline", "--locked", "--frozen"};
  for (const std::string& word : line.planner_arguments) {
    if (std::find(kWithoutEffect.begin(), kWithoutEffect.end(), word) == kWithoutEffect.end()) {
      return Error{ErrorKind::kUsage, "`" + word + "` cannot be given with `--plan`: the plan says what is built"};
    }
  }
  if (line.toolchain || line.unit_graph_file) {
    return Error{ErrorKind::kUsage,
                 line.toolchain
                     ? "`+" + *line.toolchain + "` cannot be given with `--plan`: the plan names its compiler"
                     : "`--unit-graph` and `--plan` cannot both be given"};
  }
  return {};
}

/// Names of files are made of what the compiler was: another one must not find them.
Result<void> check_compiler(const plan::Settings& settings) {
  RustcCommand rustc{settings.toolchain.rustc, settings.rustc_wrapper, settings.rustc_workspace_wrapper};
  auto command = rustc.program();
  command.emplace_back("-vV");
  Answers nobody_knows;
  PCARGO_ASSIGN(const auto answer, ask(cargo_options(command, settings.environment), &nobody_knows));
  if (answer.out != settings.toolchain.verbose_version) {
    return Error{ErrorKind::kInput,
                 "the plan is for another compiler than `" + settings.toolchain.rustc + "` is now",
                 {"the plan has " + settings.toolchain.verbose_version, "now it is " + answer.out}};
  }
  return {};
}

/// How this command builds; the plan has how the one that printed it would have.
Result<void> apply_command_line(const PrepareRequest& request, const cargo::Config& config, plan::Settings* settings) {
  const CommandLine& line = request.command_line;
  if (line.jobs) {
    PCARGO_ASSIGN(settings->jobs, resolve_jobs(config, line.jobs, request.cores));
  }
  PCARGO_ASSIGN(const auto terminal, resolve_terminal_options(config, line));
  settings->keep_going = line.keep_going;
  settings->verbosity = terminal.verbosity;
  settings->terminal_width = request.terminal_width;
  settings->diagnostics_short = wants_short_diagnostics(line.message_formats);
  return {};
}

}  // namespace

Result<Prepared> prepare_given_plan(const PrepareRequest& request, const FileSystem& files) {
  const CommandLine& line = request.command_line;
  PCARGO_TRY(refuse_what_is_planned(line));
  PCARGO_ASSIGN(const std::string text, read_given_text(files, *line.plan_file));
  auto file = plan::read_plan_file(text, request.environment);
  if (!file) {
    return std::move(file).error().context("`" + *line.plan_file + "` is not a plan that can be built");
  }
  PCARGO_TRY(cargo::require_sources(file->graph, files));
  PCARGO_TRY(check_compiler(file->settings));

  cargo::ConfigSources sources;
  sources.current_directory = request.current_directory;
  sources.cargo_home = file->settings.cargo_home;
  PCARGO_ASSIGN(auto config, cargo::Config::load(files, file->settings.environment, sources));
  PCARGO_TRY(apply_command_line(request, config, &file->settings));
  Prepared prepared{.config = std::move(config)};
  prepared.cargo.environment = file->settings.environment;
  prepared.graph = std::move(file->graph);
  prepared.packages = std::move(file->packages);
  prepared.settings = std::move(file->settings);
  prepared.base_profile = {file->finished.opt_level, file->finished.has_debuginfo};
  return prepared;
}

}  // namespace pcargo::prepare
