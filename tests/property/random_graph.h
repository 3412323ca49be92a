// SPDX-License-Identifier: MIT OR Apache-2.0
// Random graphs, and making a failing one smaller.
#pragma once

#include "graph/critical_path.h"
#include "random.h"
#include "story_graph.h"

#include <cstddef>
#include <functional>

namespace pcargo::test {

/// Acyclic, ids in no order, all kinds of phases and edges, now and then two edges between the same units.
NodeMap random_nodes(Random* random, std::size_t size);

/// Small numbers, so that ties are frequent.
IdMap<UnitId, std::int64_t> random_priority(Random* random, std::size_t size);

/// `least` to 20 for each phase that a unit has, zero for the others.
graph::Durations random_durations(Random* random, const NodeMap& nodes, std::int64_t least);

/// Takes units and edges away for as long as `fails` stays true. `fails` must be true of `nodes`.
NodeMap shrink(NodeMap nodes, const std::function<bool(const NodeMap&)>& fails);

}  // namespace pcargo::test
