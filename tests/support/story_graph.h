// SPDX-License-Identifier: MIT OR Apache-2.0
// Graphs as text, one unit a line, ids in the order of the lines:
//
//   core
//   util: core@metadata
//   app linking priority=3: util@closure core@artifact
//
// After the name: the phases (whole, pipelined, linking; pipelined if none is named) and a priority. After the colon:
// what the unit waits for, "@artifact" if nothing is said. A unit may be named before its own line.
#pragma once

#include "base/ids.h"
#include "graph/action_graph.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::test {

using NodeMap = IdMap<UnitId, graph::ActionGraph::Node>;

struct StoryGraph {
  NodeMap nodes;
  graph::ActionGraph graph;
  IdMap<UnitId, std::string> names;
  IdMap<UnitId, std::int64_t> priority;  ///< equal weights, where the text says nothing

  UnitId unit(std::string_view name) const;
};

/// Fails the running test if the text is wrong.
NodeMap parse_nodes(const std::string& text, IdMap<UnitId, std::string>* names = nullptr);
StoryGraph parse_graph(const std::string& text);

/// Text that parse_graph reads back as the same graph; units are named u0, u1, ...
std::string to_text(const NodeMap& nodes, const IdMap<UnitId, std::int64_t>& priority = {});

}  // namespace pcargo::test
