// SPDX-License-Identifier: MIT OR Apache-2.0
// What command line and config come to for the build as a whole: jobs, targets, profile, `[env]`, aliases and the small
// switches (cargo 1.95: core/compiler/build_config.rs, compile_kind.rs, core/profiles.rs, util/context/schema.rs).
// Pure.
#pragma once

#include "base/environment.h"
#include "base/result.h"
#include "cargo/config.h"
#include "cargo/toml_value.h"
#include "plan/settings.h"
#include "prepare/command_line.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pcargo::prepare {

/// -j, build.jobs, or all cores. Negative counts come off the cores.
Result<int> resolve_jobs(const cargo::Config& config, const std::optional<std::string>& argument, int cores);

struct TargetQuestion {
  std::vector<std::string> arguments;                                ///< --target
  std::string host;                                                  ///< triple that `host-tuple` stands for
  std::function<std::string(const std::string&)> canonicalize = {};  ///< for paths of target specifications
};

/// --target or build.target: each once, sorted, as rustc's --target takes them. Empty: just the host, without --target.
Result<std::vector<std::string>> resolve_targets(const cargo::Config& config, const TargetQuestion& question);

/// `inherits` by profile name, from the `[profile]` tables of a workspace's root manifest.
using ProfileParents = std::map<std::string, std::string>;
ProfileParents profile_parents(const cargo::TomlValue& manifest);

/// --profile, --release, or dev.
std::string requested_profile(const CommandLine& line);

/// Where it builds, below the target directory: "debug" for dev and test, "release" for bench, else its own name.
std::string profile_directory(const std::string& name);

struct ProfileChoice {
  std::string name;
  std::string directory;         ///< "debug" for dev and test, "release" for bench, else the name
  bool root_is_release = false;  ///< where `inherits` ends
};

/// Of the requested one. Config's `inherits` beats the manifest's.
Result<ProfileChoice> resolve_profile(const cargo::Config& config,
                                      const CommandLine& line,
                                      const ProfileParents& manifest);

/// `[env]`, relative values resolved. An entry without `force` gives way to a variable that is set: see
/// apply_config_env.
Result<std::map<std::string, plan::ConfigEnv>> resolve_config_env(const cargo::Config& config);
void apply_config_env(const std::map<std::string, plan::ConfigEnv>& entries, Environment* environment);

/// The words a user's alias stands for (`alias.<name>`, CARGO_ALIAS_<NAME>); nullopt: there is none.
Result<std::optional<std::vector<std::string>>> resolve_alias(const cargo::Config& config, const std::string& name);

/// build.warnings: "warn", "allow" or "deny"; heeded only by cargos that have -Zwarnings or later ones.
Result<std::string> resolve_warnings(const cargo::Config& config);

/// future-incompat-report.frequency: is the user to be told at the end of a build?
Result<bool> shows_future_incompat(const cargo::Config& config);

}  // namespace pcargo::prepare
