// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/main.h"

#include "cli/clean_command.h"
#include "cli/compile_command.h"
#include "cli/hand_over.h"
#include "cli/options.h"
#include "cli/plan_command.h"
#include "cli/screen.h"
#include "cli/standing_answer.h"
#include "cli/timings_command.h"
#include "cli/why_command.h"
#include "platform/process.h"
#include "platform/real_file_system.h"
#include "platform/resource_limits.h"
#include "prepare/build_options.h"
#include "prepare/tool_lookup.h"

#include <algorithm>
#include <cstdio>
#include <set>

namespace pcargo::cli {

namespace {

constexpr const char* kVersion = "pcargo " PCARGO_VERSION;

constexpr const char* kHelp = R"(Builds Rust projects in place of cargo: cargo plans, pcargo executes

Usage: pcargo [+toolchain] [OPTIONS] [COMMAND]

Commands that pcargo executes itself:
    build, b    Compile the current package
    check, c    Analyze the current package and report errors, but don't build object files
    run, r      Run a binary or example of the local package
    rustc       Compile a package, and pass extra options to the compiler
    clean       Remove what pcargo and cargo have generated
    plan        Print what a build would run, as JSON (pcargo's own)
    why         Tell why the last build ran a crate (pcargo's own)
    timings     Tell what a build waited for (pcargo's own)

Every other command goes to cargo untouched. `pcargo <command> --help` shows a command's options.
)";

int show_error(const Session& session, const Error& error) {
  Screen screen({}, session.environment);
  screen.shell().display_error(error);
  return error.kind == ErrorKind::kUsage ? 1 : 101;
}

bool contains(const std::vector<std::string>& words, std::initializer_list<const char*> any) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(any.begin(), any.end(), word) != any.end();
  });
}

/// What config makes of a word that is no command of cargo's; nullopt: nothing.
Result<std::optional<std::vector<std::string>>> user_alias(const Session& session, const Invocation& invocation) {
  const platform::RealFileSystem files;
  cargo::ConfigSources sources;
  sources.current_directory = session.current_directory;
  sources.cargo_home = prepare::cargo_home(session.environment, session.current_directory);
  PCARGO_ASSIGN(const auto config, cargo::Config::load(files, session.environment, sources));
  return prepare::resolve_alias(config, *invocation.command);
}

/// Replaces a user's alias by what it stands for, and that again if need be. An alias that ends in no command of ours,
/// goes round, or that config does not give a meaning stays: cargo has the words.
Invocation expand_aliases(const Session& session, Invocation invocation) {
  std::set<std::string> seen;
  while (invocation.command && !is_cargo_command(*invocation.command) && seen.insert(*invocation.command).second) {
    const auto words = user_alias(session, invocation);
    if (!words || !*words) {
      break;
    }
    auto expanded = split_command(**words);
    if (expanded.toolchain || !expanded.command) {
      break;
    }
    invocation.globals.insert(invocation.globals.end(), expanded.globals.begin(), expanded.globals.end());
    expanded.arguments.insert(expanded.arguments.end(), invocation.arguments.begin(), invocation.arguments.end());
    invocation.command = std::move(expanded.command);
    invocation.arguments = std::move(expanded.arguments);
  }
  return invocation;
}

int dispatch(const Session& session, StandingAnswer* standing) {
  auto invocation = split_command(session.words);
  if (!invocation.command) {
    if (contains(invocation.globals, {"-V", "--version"})) {
      std::printf("%s\n", kVersion);
      return 0;
    }
    if (invocation.globals.empty() || contains(invocation.globals, {"-h", "--help"})) {
      std::fputs(kHelp, stdout);
      return 0;
    }
    return hand_over_to_cargo(session, "no command of pcargo's is named", nullptr);
  }
  invocation = expand_aliases(session, std::move(invocation));
  const std::string command = expand_builtin_alias(*invocation.command);
  if (!is_own_command(command)) {
    return hand_over_to_cargo(session, "`" + command + "` is a command of cargo's", nullptr);
  }
  auto arguments = invocation.globals;
  arguments.insert(arguments.end(), invocation.arguments.begin(), invocation.arguments.end());
  if (command == "why") {
    return run_why_command(session, invocation.toolchain, arguments);
  }
  if (command == "timings") {
    return run_timings_command(session, invocation.toolchain, arguments);
  }
  if (command == "plan") {
    return run_plan_command(session, invocation);
  }
  return command == "clean" ? run_clean_command(session, arguments)
                            : run_compile_command(session, invocation.toolchain, command, arguments, standing);
}

}  // namespace

int main(int argc, char** argv) {
  platform::set_up_process();
  Session session;
  session.words.assign(argv + std::min(argc, 1), argv + argc);
  session.environment = platform::current_environment();
  auto directory = platform::current_directory();
  if (!directory) {
    return show_error(session, directory.error());
  }
  session.current_directory = *directory;
  if (auto executable = platform::current_executable()) {
    session.own_executable = *executable;
  }
  StandingAnswer standing(session);
  if (const auto code = standing.answer()) {
    return *code;
  }
  if (const auto enough = platform::confirm_descriptors(); !enough) {
    return show_error(session, enough.error());
  }
  return dispatch(session, &standing);
}

}  // namespace pcargo::cli
