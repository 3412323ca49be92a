// SPDX-License-Identifier: MIT OR Apache-2.0
// A recorded build as benchmarks need it: the plan, from its file, and what the units took, from a history.
#pragma once

#include "plan/build_plan.h"
#include "record/estimate.h"

#include <cstdint>
#include <memory>
#include <string>

namespace pcargo::bench {

/// `text`: of `pcargo plan --format=json`.
Result<std::unique_ptr<const plan::BuildPlan>> make_plan(const std::string& text, plan::Linking linking);

/// What `file`, a history, says of the units; with an empty name, what the prior says.
Result<record::Estimates> estimates(const plan::BuildPlan& plan, const std::string& file);

/// Every unit weighs the same, and counts for all that depend on it (cargo 1.95: util/dependency_queue.rs, priority).
IdMap<UnitId, std::int64_t> cargos_priority(const graph::ActionGraph& graph);

}  // namespace pcargo::bench
