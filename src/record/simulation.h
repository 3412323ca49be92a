// SPDX-License-Identifier: MIT OR Apache-2.0
// From what units are thought to take to a build that the simulator can run.
#pragma once

#include "record/estimate.h"
#include "schedule/simulator.h"

namespace pcargo::record {

/// All units, the longest way to the end first, on so many cores. Nothing is said of memory; exchanges are not kept.
schedule::SimulationInput simulation_of(const graph::ActionGraph& graph, const Estimates& estimates, int cores);

}  // namespace pcargo::record
