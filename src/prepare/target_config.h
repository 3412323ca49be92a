// SPDX-License-Identifier: MIT OR Apache-2.0
// The `[target]` tables of config: linker, runner, overridden build scripts (cargo 1.95: util/context/target.rs and
// core/compiler/compilation.rs, target_linker and target_runner). Pure.
#pragma once

#include "base/result.h"
#include "cargo/build_script_output.h"
#include "cargo/cfg_expression.h"
#include "cargo/config.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pcargo::prepare {

/// Keys of the tables `target.'cfg(...)'` that hold for `cfg`, in alphabetical order.
Result<std::vector<cargo::ConfigKey>> matching_cfg_tables(const cargo::Config& config, const cargo::CfgSet& cfg);

/// `target.<triple>.linker`, else that of the one matching cfg table; two are an error.
Result<std::optional<std::string>> linker_for(const cargo::Config& config,
                                              const std::string& triple,
                                              const cargo::CfgSet& cfg);

/// Program and arguments; found as the linker is.
Result<std::optional<std::vector<std::string>>> runner_for(const cargo::Config& config,
                                                           const std::string& triple,
                                                           const cargo::CfgSet& cfg);

/// `[target.<triple>.<links>]`: what the build script of that library would have said. By links name.
Result<std::map<std::string, cargo::BuildScriptOutput>> links_overrides_for(const cargo::Config& config,
                                                                            const std::string& triple);

}  // namespace pcargo::prepare
