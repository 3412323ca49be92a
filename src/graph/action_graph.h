// SPDX-License-Identifier: MIT OR Apache-2.0
// What has to happen in which order: one node per unit, edges that name the milestone they wait for. Knows nothing of
// cargo, commands or time.
#pragma once

#include "base/ids.h"
#include "base/milestone.h"
#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace pcargo::graph {

/// How a unit's work divides in time. For every question about time the phases are nodes in a row.
enum class Phases : std::uint8_t {
  kWhole,      ///< one piece: build-script runs, check units: metadata and artifact come together
  kPipelined,  ///< frontend, codegen: metadata before the artifact
  kLinking,    ///< frontend, codegen, link; the link needs the closure of every dependency, whatever its edges wait for
};

enum class Phase : std::uint8_t { kFrontend, kCodegen, kLink };

struct Edge {
  UnitId unit;                             ///< the other end
  Milestone waits = Milestone::kArtifact;  ///< what the dependent waits for before it may start; never kObjects

  bool operator==(const Edge&) const = default;
};

/// Built once, then read-only. Edges are stored in two flat arrays.
class ActionGraph {
 public:
  struct Node {
    Phases phases = Phases::kWhole;
    std::vector<Edge> dependencies;
  };

  /// Refuses dangling ids, cycles (naming the units on one, as "unit 3 -> unit 5 -> unit 3") and edges that wait for
  /// objects. Two edges between the same units are two edges.
  static Result<ActionGraph> build(const IdMap<UnitId, Node>& nodes);

  std::size_t size() const { return phases_.size(); }
  Phases phases(UnitId unit) const { return phases_[unit]; }
  std::span<const Edge> dependencies(UnitId unit) const;  ///< in the order given to `build`
  std::span<const Edge> dependents(UnitId unit) const;    ///< by id of the dependent
  /// It links, and may start before all that its link needs is there: it stops at the link gate.
  bool is_late_linked(UnitId unit) const;
  /// Every unit after all it depends on; among those possible, the lowest id first.
  const std::vector<UnitId>& topological_order() const { return order_; }

 private:
  void store_edges(const IdMap<UnitId, Node>& nodes);
  Result<void> sort();

  IdMap<UnitId, Phases> phases_;
  std::vector<std::uint32_t> dependency_begin_;
  std::vector<Edge> dependency_edges_;
  std::vector<std::uint32_t> dependent_begin_;
  std::vector<Edge> dependent_edges_;
  std::vector<UnitId> order_;
};

}  // namespace pcargo::graph
