// SPDX-License-Identifier: MIT OR Apache-2.0
// A better order than the longest way to the end where that does not count what is short, memory or cores: tries orders
// near it in the simulator. Same input, same order.
#pragma once

#include "schedule/simulator.h"

#include <cstddef>
#include <vector>

namespace pcargo::schedule {

/// Starts from the priorities of `input`, moves units beside others, and keeps what the simulator finds no slower in
/// all `worlds` together: each a set of durations in place of the input's. None: with the input's own.
IdMap<UnitId, std::int64_t> search_order(const graph::ActionGraph& graph,
                                         SimulationInput input,
                                         const std::vector<graph::Durations>& worlds,
                                         std::size_t trials);

/// `durations`, and beside them what they might be as well: each unit's longer or shorter, in two of three cases by
/// less than a factor of 1 + `spread`. An order that is best for exact times is a poor one for times that are not.
std::vector<graph::Durations> worlds_around(const graph::Durations& durations, std::size_t count, double spread);

/// As many as a build can afford before it begins: some tens of milliseconds.
std::size_t order_trials(std::size_t units);

}  // namespace pcargo::schedule
