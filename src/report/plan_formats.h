// SPDX-License-Identifier: MIT OR Apache-2.0
// A plan for other programs: as a graph for Graphviz, and as `cargo build --build-plan` printed it until cargo 1.92.
#pragma once

#include "base/result.h"
#include "plan/build_plan.h"

#include <string>

namespace pcargo::report {

/// An arrow leads from a unit to what it waits for.
std::string plan_as_dot(const plan::BuildPlan& plan);

/// `invocations` and `inputs`, without a version, on one line. Fails on what is not UTF-8.
Result<std::string> plan_as_cargos_build_plan(const plan::BuildPlan& plan);

}  // namespace pcargo::report
