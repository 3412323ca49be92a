// SPDX-License-Identifier: MIT OR Apache-2.0
// A compiling command (build, check, run, rustc) as the user gave it: nothing resolved, nothing defaulted. Filled by
// cli/.
#pragma once

#include "plan/settings.h"

#include <optional>
#include <string>
#include <vector>

namespace pcargo::prepare {

struct CommandLine {
  std::string command;                   ///< "build", "check", "run", "rustc"; aliases are resolved
  std::optional<std::string> toolchain;  ///< of a leading `+toolchain`, without the plus

  std::optional<std::string> manifest_path;
  std::optional<std::string> target_dir;
  std::vector<std::string> targets;  ///< --target, in order
  bool release = false;
  std::optional<std::string> profile;
  std::optional<std::string> jobs;  ///< "4", "-1", "default"
  bool keep_going = false;
  plan::TargetSelection selection;

  std::vector<std::string> config;       ///< --config, in order
  std::vector<std::string> unstable;     ///< -Z, in order
  std::optional<std::string> directory;  ///< -C
  bool locked = false;
  bool offline = false;
  bool frozen = false;

  int verbose = 0;
  bool quiet = false;
  std::optional<std::string> color;
  std::vector<std::string> message_formats;
  bool future_incompat_report = false;
  bool timings = false;                  ///< a page about the build at its end
  bool explain = false;                  ///< ours alone, as the next
  bool no_plan_cache = false;            ///< ours alone: cargo never hears of it
  std::optional<std::string> late_link;  ///< ours alone: auto, always, never or verify
  std::optional<std::string> memory;     ///< ours alone: a size, auto or none

  // Files in place of questions to cargo, "-" for stdin; ours alone.
  std::optional<std::string> plan_file;        ///< --plan
  std::optional<std::string> unit_graph_file;  ///< --unit-graph
  std::optional<std::string> build_plan_file;  ///< --build-plan

  /// Options that only the planner understands (packages, features, target names, ...) or that it must hear too, ready
  /// to be put behind `cargo <command>`. Not in it: -v, -q, --color, --message-format, -j, --keep-going, and what
  /// follows `--`.
  std::vector<std::string> planner_arguments;

  std::vector<std::string> trailing_arguments;  ///< after `--`: for the program (run) or for rustc
};

}  // namespace pcargo::prepare
