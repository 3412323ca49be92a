// SPDX-License-Identifier: MIT OR Apache-2.0
// The unit graph writes "check" both for a plain check and for a check of unit tests. This tells them apart from what
// the command line selected and from cargo's order of units (cargo-behaviour 1.3).
#pragma once

#include "cargo/unit_graph.h"
#include "plan/settings.h"

namespace pcargo::plan {

/// Rewrites the mode of every check unit that is a test to kCheckTest.
void infer_check_tests(cargo::UnitGraph* graph, const TargetSelection& selection, bool test_profile);

}  // namespace pcargo::plan
