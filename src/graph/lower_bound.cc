// SPDX-License-Identifier: MIT OR Apache-2.0
#include "graph/lower_bound.h"

#include <algorithm>
#include <vector>

namespace pcargo::graph {

namespace {

constexpr std::size_t kMostHeads = 1000;
constexpr std::size_t kMostSteps = 40'000'000;  // some hundredths of a second

/// A phase: when it can begin, what is after it, what it takes.
struct Piece {
  std::int64_t head = 0;
  std::int64_t tail = 0;
  std::int64_t work = 0;
};

std::vector<Piece> pieces_of(const ActionGraph& graph, const Durations& fastest, const Durations& work) {
  const auto earliest = earliest_times(graph, fastest);
  const auto slacks = slack(graph, fastest);
  std::int64_t length = 0;
  for (const auto& times : earliest) {
    length = std::max(length, times.artifact);
  }
  std::vector<Piece> pieces;
  for (UnitId unit{0}; unit.value < graph.size(); ++unit.value) {
    const PhaseDurations quick = fit(graph.phases(unit), fastest[unit]);
    const PhaseDurations whole = fit(graph.phases(unit), work[unit]);
    const auto& at = earliest[unit];
    const auto& spare = slacks[unit];
    // What is after a phase: the length of the longest way through it, less what comes before and itself.
    const auto add = [&](std::int64_t head, std::int64_t slack, std::int64_t own, std::int64_t takes) {
      if (takes > 0) {
        pieces.push_back({head, length - slack - head - own, takes});
      }
    };
    add(at.start, spare.frontend, quick.frontend, whole.frontend);
    add(at.metadata, spare.codegen, quick.codegen, whole.codegen);
    add(at.link_start, spare.link, quick.link, whole.link);
  }
  return pieces;
}

}  // namespace

std::int64_t lower_bound(const ActionGraph& graph, const Durations& fastest, const Durations& work, int slots) {
  auto pieces = pieces_of(graph, fastest, work);
  std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.tail > b.tail; });
  std::vector<std::int64_t> heads;
  heads.reserve(pieces.size());
  for (const Piece& piece : pieces) {
    heads.push_back(piece.head);
  }
  std::sort(heads.begin(), heads.end());
  heads.erase(std::unique(heads.begin(), heads.end()), heads.end());
  std::int64_t bound = critical_path(graph, fastest).length;
  const std::size_t stride = heads.size() / std::min(kMostHeads, kMostSteps / (pieces.size() + 1) + 1) + 1;
  for (std::size_t i = 0; i < heads.size(); i += stride) {
    const std::int64_t head = heads[i];
    std::int64_t sum = 0;
    for (const Piece& piece : pieces) {
      if (piece.head >= head) {
        sum += piece.work;
        bound = std::max(bound, head + sum / slots + piece.tail);
      }
    }
  }
  return bound;
}

}  // namespace pcargo::graph
