// SPDX-License-Identifier: MIT OR Apache-2.0
// Which unit waits for what of which other (cargo 1.95: core/compiler/job_queue/mod.rs, enqueue).
#pragma once

#include "base/result.h"
#include "cargo/unit_graph.h"
#include "graph/action_graph.h"

namespace pcargo::plan {

/// A unit that needs object code waits for the closure of each dependency: its artifact and every one below it; one of
/// `late` (a flag a unit; empty: none) for the metadata of its libraries, and its link for the closure. A library that
/// only needs metadata waits for that. Binaries are no dependency of the tests that run them.
Result<graph::ActionGraph> build_action_graph(const cargo::UnitGraph& graph, const IdMap<UnitId, char>& late = {});

}  // namespace pcargo::plan
