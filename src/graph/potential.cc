// SPDX-License-Identifier: MIT OR Apache-2.0
// In a topological order a way that does not pass a unit's phases begins behind the unit, ends before it, or has an
// edge from before it to behind it. So the longest such way is a maximum over edges that lie above the unit's place.
#include "graph/potential.h"

#include <algorithm>
#include <bit>
#include <vector>

namespace pcargo::graph {

namespace {

/// For each place the largest of the values that were put on ranges above it.
class RangeMaxima {
 public:
  explicit RangeMaxima(std::size_t size) : levels_(std::bit_width(size), std::vector<std::int64_t>(size, 0)) {}

  /// On the places from `first` to `end`, without `end`: as two ranges of a power of two that may overlap.
  void raise(std::size_t first, std::size_t end, std::int64_t value) {
    if (first < end) {
      const auto level = static_cast<std::size_t>(std::bit_width(end - first)) - 1;
      raise_at(level, first, value);
      raise_at(level, end - (std::size_t{1} << level), value);
    }
  }

  std::vector<std::int64_t> take() && {
    for (std::size_t level = levels_.size(); level-- > 1;) {
      const std::size_t half = std::size_t{1} << (level - 1);
      for (std::size_t place = 0; place + 2 * half <= levels_[level].size(); ++place) {
        raise_at(level - 1, place, levels_[level][place]);
        raise_at(level - 1, place + half, levels_[level][place]);
      }
    }
    return levels_.empty() ? std::vector<std::int64_t>() : std::move(levels_.front());
  }

 private:
  void raise_at(std::size_t level, std::size_t place, std::int64_t value) {
    levels_[level][place] = std::max(levels_[level][place], value);
  }

  std::vector<std::vector<std::int64_t>> levels_;  ///< at level l, place p: of the places from p to p + 2^l
};

std::int64_t closure_below(const ActionGraph& graph, const IdMap<UnitId, EarliestTimes>& times, UnitId unit) {
  std::int64_t latest = 0;
  for (const Edge& edge : graph.dependencies(unit)) {
    latest = std::max(latest, times[edge.unit].closure);
  }
  return latest;
}

}  // namespace

IdMap<UnitId, std::int64_t> potential(const ActionGraph& graph, const Durations& durations) {
  const auto times = earliest_times(graph, durations);
  const auto rest = remaining_times(graph, durations);
  const auto& order = graph.topological_order();
  IdMap<UnitId, std::size_t> place(graph.size());
  std::int64_t length = 0;
  RangeMaxima above(graph.size());
  for (std::size_t at = 0; at < order.size(); ++at) {
    const UnitId unit = order[at];
    place[unit] = at;
    length = std::max(length, times[unit].artifact);
    above.raise(0, at, rest[unit].frontend);
    above.raise(at + 1, order.size(), times[unit].artifact);
    for (const Edge& edge : graph.dependencies(unit)) {
      const std::size_t behind = place[edge.unit] + 1;
      const std::int64_t closure = times[edge.unit].closure;
      above.raise(behind, at, reached_at(times[edge.unit], edge.waits) + rest[unit].frontend);
      if (graph.phases(unit) == Phases::kLinking) {
        above.raise(behind, at, closure + rest[unit].link);
      }
      above.raise(behind, at + 1, closure + rest[unit].after_closure);  // past the unit's own work too
    }
  }
  const auto around = std::move(above).take();
  IdMap<UnitId, std::int64_t> result(graph.size(), 0);
  for (std::size_t at = 0; at < order.size(); ++at) {
    const UnitId unit = order[at];
    const std::int64_t metadata = times[unit].start;
    const std::int64_t artifact =
        graph.phases(unit) == Phases::kLinking ? std::max(metadata, closure_below(graph, times, unit)) : metadata;
    const std::int64_t through = std::max(metadata + rest[unit].after_metadata, artifact + rest[unit].after_artifact);
    result[unit] = length - std::max(around[at], through);
  }
  return result;
}

}  // namespace pcargo::graph
