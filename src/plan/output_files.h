// SPDX-License-Identifier: MIT OR Apache-2.0
// Names of the files that rustc makes for a unit, and of their final places (cargo 1.95: build_context/target_info.rs,
// file_types; build_runner/compilation_files.rs, calc_outputs_rustc and uplift_to).
#pragma once

#include "base/result.h"
#include "plan/build_plan.h"

#include <vector>

namespace pcargo::plan {

/// Empty for a unit that runs no rustc. Fails when the target supports none of the unit's crate types.
Result<std::vector<OutputFile>> derive_outputs(const BuildPlan& plan, UnitId unit);

/// Whether cargo puts the unit's hash into its file names.
bool uses_extra_filename(const BuildPlan& plan, UnitId unit);

}  // namespace pcargo::plan
