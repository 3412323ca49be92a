// SPDX-License-Identifier: MIT OR Apache-2.0
// The critical path of a build as it was: from its last unit backwards, each step by what it waited for, so that the
// steps lie end to end and their times add up to the whole.
#pragma once

#include "base/ids.h"
#include "graph/action_graph.h"
#include "graph/critical_path.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace pcargo::graph {

/// When a unit that ran did what, never falling: what it has no phase for begins and ends at `finish`. Between
/// `objects` and `link` it waited at its gate and held no slot.
struct Span {
  std::int64_t start = 0;
  std::int64_t metadata = 0;
  std::int64_t objects = 0;
  std::int64_t link = 0;
  std::int64_t finish = 0;
  bool was_held = false;  ///< it could have had a slot, but there was no memory for it
};

struct PathStep {
  enum class Waited : std::uint8_t {
    kForNothing,   ///< it could have begun at once
    kForMetadata,  ///< of `by`
    kForArtifact,  ///< of `by`
    kForSlot,      ///< that `by` had until then
    kForItself,    ///< the phase before it
    kForMemory,    ///< that `by` had until then
  };

  UnitId unit;
  Phase phase = Phase::kFrontend;
  std::int64_t begin = 0;  ///< when what it waited for was there: being started counts as its own time
  std::int64_t end = 0;
  Waited waited = Waited::kForNothing;
  UnitId by = {};

  bool operator==(const PathStep&) const = default;
};

/// `spans`: of the units that ran; the others were there from the beginning. `begin`: of the first step. Empty when
/// nothing ran. The last step ends with the last unit; of those that end together (when a build is killed) with the one
/// that started last.
std::vector<PathStep> built_path(const ActionGraph& graph,
                                 const IdMap<UnitId, std::optional<Span>>& spans,
                                 std::int64_t begin);

}  // namespace pcargo::graph
