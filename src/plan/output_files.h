// SPDX-License-Identifier: MIT OR Apache-2.0
// Names of the files that rustc makes for a unit, and of their final places (cargo 1.95: build_context/target_info.rs,
// file_types; build_runner/compilation_files.rs, calc_outputs_rustc and uplift_to).
#pragma once

#include "base/result.h"
#include "plan/build_plan.h"

#include <vector>

namespace pcargo::plan {

/// Fails when the target supports none of the unit's crate types.
Result<void> check_crate_types(const BuildPlan& plan, UnitId unit);

/// Of a unit whose crate types have been checked. Empty when it runs no rustc.
std::vector<OutputFile> derive_outputs(const BuildPlan& plan, UnitId unit);

/// Whether cargo puts the unit's hash into its file names.
bool uses_extra_filename(const BuildPlan& plan, UnitId unit);

}  // namespace pcargo::plan
