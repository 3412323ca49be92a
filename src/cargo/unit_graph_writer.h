// SPDX-License-Identifier: MIT OR Apache-2.0
// Writes a unit graph as cargo does: what cargo/unit_graph_reader.h reads comes back the same.
#pragma once

#include "cargo/unit_graph.h"

#include <nlohmann/json_fwd.hpp>

namespace pcargo::cargo {

nlohmann::ordered_json unit_graph_to_json(const UnitGraph& graph);

}  // namespace pcargo::cargo
