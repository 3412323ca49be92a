// SPDX-License-Identifier: MIT OR Apache-2.0
// What a build begins with: the longest way to its end first; where that does not count what is short, memory or cores,
// the best order that a short search finds.
#pragma once

#include "graph/action_graph.h"
#include "record/estimate.h"

#include <cstdint>
#include <optional>

namespace pcargo::cli {

struct OrderQuestion {
  int jobs = 1;
  std::optional<std::int64_t> memory = {};  ///< the limit, in bytes; nullopt: none
  bool builds_all = false;                  ///< nothing is fresh
};

IdMap<UnitId, std::int64_t> build_order(const graph::ActionGraph& graph,
                                        const record::Estimates& estimates,
                                        const OrderQuestion& question);

}  // namespace pcargo::cli
