// SPDX-License-Identifier: MIT OR Apache-2.0
// What was typed, taken apart: which command, its flags, and whether pcargo can honour all of them. Knows nothing of
// config.
#pragma once

#include "prepare/command_line.h"

#include <optional>
#include <string>
#include <vector>

namespace pcargo::cli {

/// The words before the command: `+toolchain` and cargo's global options, still to be merged with the command's own.
struct Invocation {
  std::optional<std::string> toolchain;
  std::vector<std::string> globals;    ///< as typed
  std::optional<std::string> command;  ///< the first word that is no option
  std::vector<std::string> arguments;  ///< what follows the command
};

Invocation split_command(const std::vector<std::string>& words);

/// "b" -> "build"; other words as they are.
std::string expand_builtin_alias(const std::string& command);

/// Does pcargo execute this command itself?
bool is_own_command(const std::string& command);

/// Does cargo have a command of this name, so that a user's alias cannot take it?
bool is_cargo_command(const std::string& command);

struct ParsedOptions {
  prepare::CommandLine command_line;
  bool help = false;
  std::optional<std::string> format;  ///< of plan
  /// Why plain cargo must take this command: a flag that pcargo does not know or cannot honour yet; nullopt if nothing
  /// stands in the way. Words that cargo would refuse come here too: it has the message.
  std::optional<std::string> hand_over;
};

/// For build, check, run and rustc. `arguments`: globals first, then the command's own.
ParsedOptions parse_compile_options(const std::string& command, const std::vector<std::string>& arguments);

/// For plan: of the command that its first word names, else of build.
ParsedOptions parse_plan_options(const Invocation& invocation);

/// The options of a compiling command for `--help`.
std::string compile_help(const std::string& command);

}  // namespace pcargo::cli
