// SPDX-License-Identifier: MIT OR Apache-2.0
// Puts together what a plan depends on besides graph and packages: command line, config, variables and rustc's answers
// become plan::Settings. Pure; each part has its own file here.
#pragma once

#include "base/result.h"
#include "plan/settings.h"
#include "prepare/build_options.h"
#include "prepare/command_line.h"
#include "prepare/prepare.h"

#include <functional>
#include <optional>
#include <string>

namespace pcargo::prepare {

struct SettingsQuestion {
  const CommandLine& line;
  const Prepared& prepared;
  ProfileParents manifest_profiles = {};                             ///< of the root manifest: profile_parents()
  int cores = 1;                                                     ///< what "all" is for -j
  std::optional<int> terminal_width = {};                            ///< of stderr, when it is a terminal
  std::function<std::string(const std::string&)> canonicalize = {};  ///< as in DirectoryQuestion
};

/// Errors are cargo's.
Result<plan::Settings> resolve_settings(const SettingsQuestion& question);

/// For PrepareRequest: the environment of the probes. An entry of `[env]` gives way to a variable, unless forced.
Result<Environment> environment_for_probes(const cargo::Config& config);

/// Is one of the message formats `short` or `json-diagnostic-short`?
bool wants_short_diagnostics(const std::vector<std::string>& formats);

/// Does --target or build.target name anything?
Result<bool> is_target_requested(const cargo::Config& config, const CommandLine& line);

}  // namespace pcargo::prepare
