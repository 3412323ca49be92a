// SPDX-License-Identifier: MIT OR Apache-2.0
// The two runs of cargo that say what is to be built: `--unit-graph` for the units (or `--build-plan`), `metadata
// --no-deps` for the workspace. Composes their command lines and environments; pure. On a stable cargo the unit graph
// is behind a lock; the variable that opens it opens more than that, and what it opens is shut again here or left to
// plain cargo (prepare/unstable.h).
#pragma once

#include "base/environment.h"
#include "prepare/command_line.h"

#include <string>
#include <vector>

namespace pcargo::prepare {

/// The words of one planned command, as plain cargo would get them.
struct PlanRequest {
  std::string cargo;                           ///< program to run
  std::string command;                         ///< "build", "check", "rustc"
  std::vector<std::string> arguments = {};     ///< everything behind the command, `--` and what follows included
  std::vector<std::string> extra_config = {};  ///< values of further `--config`, which win over the user's
  std::vector<std::string> extra_flags = {};   ///< further flags of cargo
};

/// The words behind the command as cargo takes them, without `--` and what follows: what the planner needs, what it
/// says less or more for, and what it checks although the work is ours.
std::vector<std::string> cargo_arguments(const CommandLine& line);

std::vector<std::string> unit_graph_command(const PlanRequest& request);

/// The same for the build plan, without a target directory: cargo would write there, wait for its lock, and compile
/// all again the next time. Whoever starts it gives it another one. And without what has it say more than the plan: to
/// make one cargo goes through the whole build, each command of which it would tell.
std::vector<std::string> build_plan_command(const PlanRequest& request);

/// Only what changes the answer: the manifest, config, the network and lock rules, -Z. `coloured` asks for colour in
/// what it writes to stderr, unless the user chose.
std::vector<std::string> metadata_command(const PlanRequest& request, bool coloured);

/// For the unit-graph run. `unlock`: this cargo needs opening.
Environment planning_environment(Environment environment, bool unlock);

/// Values of an option among `arguments`, up to `--`: `--name value`, `--name=value`, `-n value`, `-nvalue`.
std::vector<std::string> option_values(const std::vector<std::string>& arguments,
                                       const std::string& name,
                                       char short_name = '\0');
bool has_flag(const std::vector<std::string>& arguments, const std::string& name);

}  // namespace pcargo::prepare
