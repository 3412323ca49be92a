// SPDX-License-Identifier: MIT OR Apache-2.0
// What a build script finds in its environment besides what every child gets (cargo-behaviour 4.1; cargo 1.95:
// core/compiler/custom_build.rs, build_work).
#pragma once

#include "plan/environment.h"

namespace pcargo::plan {

/// Sets OUT_DIR, TARGET, CARGO_CFG_*, DEP_* and their like for a run unit.
void add_script_variables(const BuildPlan& plan, UnitId run, const ScriptOutputs& scripts, Variables* variables);

/// Names taken out of the inherited environment.
std::vector<std::string> removed_from_scripts(const BuildPlan& plan, UnitId run);

}  // namespace pcargo::plan
