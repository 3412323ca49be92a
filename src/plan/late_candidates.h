// SPDX-License-Identifier: MIT OR Apache-2.0
// Which units that link may start before the artifacts below them are there, as far as it is known before anything has
// run. What build scripts add to a command is looked at when it is complete. Pure.
#pragma once

#include "base/ids.h"
#include "plan/build_plan.h"

namespace pcargo::plan {

/// One flag a unit; empty where all are held. Never set: what reads artifacts inside rustc (LTO that runs, staticlib,
/// rlib or dylib beside a linking type), what packs debug information, what has something else than a plain library
/// below it, what a wrapper runs, and other systems than Linux.
IdMap<UnitId, char> late_candidates(const BuildPlan& plan, Linking linking);

}  // namespace pcargo::plan
