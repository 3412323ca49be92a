// SPDX-License-Identifier: MIT OR Apache-2.0
// Whose doing it is that what a unit uses of its dependencies changed: the digest that was compared is of everything
// below, so the unit that made something else may lie deeper than the dependency that carries it.
#pragma once

#include "freshness/cause.h"
#include "freshness/record.h"
#include "freshness/results.h"
#include "plan/build_plan.h"

#include <vector>

namespace pcargo::freshness {

/// Makes a cause about a dependency more exact: which unit of this build made other metadata or another artifact.
/// Others stay as they are. `before`: what the unit was given when it ran last.
void blame(const plan::BuildPlan& plan,
           UnitId unit,
           const Results& results,
           const std::vector<GivenField>& before,
           Cause* cause);

}  // namespace pcargo::freshness
