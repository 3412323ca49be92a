// SPDX-License-Identifier: MIT OR Apache-2.0
// Placing final files beside a cargo that works in the same target directory. Cargo removes a final file, links its own
// there and, if something has come between, copies over it: into our artifact, if that is what was linked there. So a
// link is placed under the lock that cargo itself takes, and where cargo holds it, a copy is.
#pragma once

#include "base/result.h"
#include "plan/build_plan.h"

#include <vector>

namespace pcargo::execute {

/// Puts each of the unit's `outputs` where users look for it; those that are there are left. Nobody is waited for: an
/// editor's `cargo check` may hold the lock for minutes. It is not held for longer than this call either, because a
/// build script may run cargo.
Result<void> place_final_files(const plan::BuildPlan& plan, UnitId unit, const std::vector<plan::OutputFile>& outputs);

}  // namespace pcargo::execute
