// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/plan_command.h"

#include "cli/compile_command.h"
#include "cli/screen.h"
#include "plan/plan_file.h"
#include "platform/real_file_system.h"
#include "prepare/given_plan.h"
#include "report/plan_formats.h"

#include <cstdio>
#include <utility>

namespace pcargo::cli {

namespace {

constexpr const char* kHelp = R"(Prints what `pcargo build`, or another command, with the same options would run

Usage: pcargo plan [build|check|run|rustc] [OPTIONS]

  --format json        Every invocation, and what they were derived from: `pcargo build --plan FILE` builds it (default)
  --format dot         The units and what waits for what, for Graphviz
  --format build-plan  As `cargo build --build-plan` did it, until cargo 1.92

And the options of the command, here `pcargo )";

/// What the plan is made from; or the exit code, when cargo has told the user why there is none.
Result<std::pair<std::optional<prepare::Prepared>, int>> prepare_plan(const Session& session,
                                                                      const prepare::CommandLine& line,
                                                                      report::Shell* shell) {
  const platform::RealFileSystem files;
  const auto request = prepare_request(session, line);
  if (line.plan_file) {
    PCARGO_ASSIGN(auto prepared, prepare::prepare_given_plan(request, files));
    return std::pair(std::optional(std::move(prepared)), 0);
  }
  PCARGO_ASSIGN(auto preparation, prepare::prepare(request, files));
  if (preparation.hand_over) {
    return Error{ErrorKind::kInput, "pcargo cannot plan this: " + *preparation.hand_over};
  }
  shell->err_raw(preparation.words);
  return std::pair(std::move(preparation.prepared), preparation.exit_code);
}

Result<std::string> print(const plan::BuildPlan& plan,
                          const prepare::Prepared& prepared,
                          const std::string& format,
                          const Environment& environment) {
  if (format == "dot") {
    return report::plan_as_dot(plan);
  }
  if (format == "build-plan") {
    return report::plan_as_cargos_build_plan(plan);
  }
  const auto& profile = prepared.base_profile;
  return plan::write_plan_file(plan, {profile.opt_level, profile.has_debuginfo}, environment);
}

Result<int> run(const Session& session, const ParsedOptions& parsed, report::Shell* shell) {
  const std::string format = parsed.format.value_or("json");
  if (format != "json" && format != "dot" && format != "build-plan") {
    return Error{ErrorKind::kUsage, "`" + format + "` is not a format of plans: json, dot or build-plan"};
  }
  if (parsed.hand_over) {
    return Error{ErrorKind::kUsage, *parsed.hand_over};
  }
  if (parsed.command_line.timings) {
    return Error{ErrorKind::kUsage, "`--timings` cannot be given with `pcargo plan`: nothing is built"};
  }
  const std::string& command = parsed.command_line.command;
  if (format == "build-plan" && (command == "check" || command == "rustc")) {
    return Error{ErrorKind::kUsage, "cargo has no build plan of `" + command + "`"};
  }
  PCARGO_ASSIGN(auto preparation, prepare_plan(session, parsed.command_line, shell));
  auto& prepared = preparation.first;
  if (!prepared) {
    return preparation.second;
  }
  PCARGO_ASSIGN(
      const auto plan,
      plan::BuildPlan::make(std::move(prepared->graph), std::move(prepared->packages), std::move(prepared->settings)));
  PCARGO_ASSIGN(const std::string text, print(*plan, *prepared, format, session.environment));
  const bool is_written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  return is_written ? 0 : 101;
}

}  // namespace

int run_plan_command(const Session& session, const Invocation& invocation) {
  auto parsed = parse_plan_options(invocation);
  parsed.command_line.toolchain = invocation.toolchain;
  if (parsed.help) {
    const std::string& command = parsed.command_line.command;
    std::fputs((kHelp + command + "`:\n\n" + compile_help(command)).c_str(), stdout);
    return 0;
  }
  Screen screen(early_options(parsed.command_line), session.environment);
  const auto code = run(session, parsed, &screen.shell());
  if (!code) {
    screen.shell().display_error(code.error());
    return code.error().kind == ErrorKind::kUsage ? 1 : 101;
  }
  return *code;
}

}  // namespace pcargo::cli
