// SPDX-License-Identifier: MIT OR Apache-2.0
// A better order than the longest way to the end where that does not count what is short: tries orders near it in the
// simulator. Same input, same order.
#pragma once

#include "schedule/simulator.h"

#include <cstddef>

namespace pcargo::schedule {

/// Starts from the priorities of `input`, moves units beside others, and keeps what the simulator finds no slower.
IdMap<UnitId, std::int64_t> search_order(const graph::ActionGraph& graph, SimulationInput input, std::size_t trials);

/// As many as a build can afford before it begins: some tens of milliseconds.
std::size_t order_trials(std::size_t units);

}  // namespace pcargo::schedule
