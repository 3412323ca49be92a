// SPDX-License-Identifier: MIT OR Apache-2.0
// The environment of each child, as cargo fills it (cargo-behaviour 3; cargo 1.95: core/compiler/compilation.rs).
#pragma once

#include "plan/build_plan.h"

#include <map>
#include <string>
#include <vector>

namespace pcargo::plan {

using Variables = std::map<std::string, std::string>;

/// The variable in which the system's loader looks for libraries.
const char* library_path_variable();

/// For what is the environment: compilers search libraries elsewhere than programs do.
enum class Tool { kRustc, kScript, kProgram };

/// Everything that is set before the directives of build scripts are known. `native_directories` (of kProgram): search
/// paths of all scripts, sorted.
Variables base_environment(const BuildPlan& plan,
                           UnitId unit,
                           Tool tool,
                           const std::vector<std::string>& native_directories = {});

/// Appends the directories of host-side dependencies' scripts to the library search path (cargo: add_plugin_deps).
void add_plugin_directories(const BuildPlan& plan, UnitId unit, const ScriptOutputs& scripts, Variables* variables);

/// Adds `[env]` entries that nothing has set so far.
void add_config_environment(const Settings& settings, Variables* variables);

/// The paths in `values` ("native=/x" or "/x") that lie within `root`.
std::vector<std::string> dynamic_search_paths(const std::vector<std::string>& values, const std::string& root);

/// CARGO_BIN_EXE_* for integration tests and benches.
void add_bin_paths(const BuildPlan& plan, UnitId unit, Variables* variables);

/// Upper case, hyphens to underscores.
std::string envify(std::string_view name);

}  // namespace pcargo::plan
