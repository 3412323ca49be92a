// SPDX-License-Identifier: MIT OR Apache-2.0
#include "random_graph.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace pcargo::test {

namespace {

using graph::Edge;
using graph::Phases;

constexpr std::uint32_t kMaxEdges = 5;

Phases random_phases(Random* random) {
  std::uint32_t roll = random->below(10);
  if (roll < 6) {
    return Phases::kPipelined;
  }
  return roll < 7 ? Phases::kWhole : Phases::kLinking;
}

Milestone random_milestone(Random* random, Phases dependent, bool held) {
  if (dependent == Phases::kLinking && held) {
    return Milestone::kClosure;
  }
  std::uint32_t roll = random->below(10);
  if (roll < 6) {
    return Milestone::kMetadata;
  }
  return roll < 9 ? Milestone::kArtifact : Milestone::kClosure;
}

NodeMap without_units(const NodeMap& nodes, std::uint32_t first, std::uint32_t count) {
  auto is_removed = [&](UnitId unit) { return unit.value >= first && unit.value < first + count; };
  NodeMap result;
  for (UnitId unit{0}; unit.value < nodes.size(); ++unit.value) {
    if (is_removed(unit)) {
      continue;
    }
    graph::ActionGraph::Node node = nodes[unit];
    auto& edges = node.dependencies;
    edges.erase(std::remove_if(edges.begin(), edges.end(), [&](const Edge& edge) { return is_removed(edge.unit); }),
                edges.end());
    for (Edge& edge : edges) {
      edge.unit.value -= edge.unit.value > first ? count : 0;
    }
    result.push_back(std::move(node));
  }
  return result;
}

NodeMap without_edge(NodeMap nodes, UnitId unit, std::size_t index) {
  auto& edges = nodes[unit].dependencies;
  edges.erase(edges.begin() + static_cast<std::ptrdiff_t>(index));
  return nodes;
}

/// Takes things away as long as the rest still fails, and as long as there is patience.
class Shrinker {
 public:
  Shrinker(NodeMap nodes, const std::function<bool(const NodeMap&)>& fails) : nodes_(std::move(nodes)), fails_(fails) {}

  NodeMap run() && {
    for (std::size_t count = nodes_.size() / 2; count > 0; count /= 2) {
      remove_units(static_cast<std::uint32_t>(count));
    }
    while (patience_ > 0 && (remove_units(1) || remove_edge())) {
    }
    return std::move(nodes_);
  }

 private:
  bool remove_units(std::uint32_t count) {
    bool removed = false;
    for (std::uint32_t first = 0; first + count <= nodes_.size();) {
      if (keep_if_failing(without_units(nodes_, first, count))) {
        removed = true;
      } else {
        first += count;
      }
    }
    return removed;
  }

  bool remove_edge() {
    for (UnitId unit{0}; unit.value < nodes_.size(); ++unit.value) {
      for (std::size_t i = 0; i < nodes_[unit].dependencies.size(); ++i) {
        if (keep_if_failing(without_edge(nodes_, unit, i))) {
          return true;
        }
      }
    }
    return false;
  }

  bool keep_if_failing(NodeMap smaller) {
    if (patience_ == 0) {
      return false;
    }
    --patience_;
    if (!fails_(smaller)) {
      return false;
    }
    nodes_ = std::move(smaller);
    return true;
  }

  NodeMap nodes_;
  const std::function<bool(const NodeMap&)>& fails_;
  int patience_ = 3000;
};

}  // namespace

NodeMap random_nodes(Random* random, std::size_t size) {
  std::vector<UnitId> order;
  for (std::uint32_t i = 0; i < size; ++i) {
    order.push_back(UnitId{i});
    std::swap(order[i], order[random->below(i + 1)]);
  }
  // With a short reach graphs are long chains, with a long one they are wide.
  std::uint32_t reach = 1 + random->below(size + 1);
  NodeMap nodes(size);
  for (std::uint32_t i = 0; i < size; ++i) {
    auto& node = nodes[order[i]];
    node.phases = random_phases(random);
    bool held = random->chance(30);
    std::uint32_t edges = i == 0 ? 0 : random->below(kMaxEdges);
    for (std::uint32_t e = 0; e < edges; ++e) {
      UnitId below = order[i - 1 - random->below(std::min(i, reach))];
      node.dependencies.push_back(Edge{below, random_milestone(random, node.phases, held)});
    }
  }
  return nodes;
}

IdMap<UnitId, std::int64_t> random_priority(Random* random, std::size_t size) {
  IdMap<UnitId, std::int64_t> priority(size);
  for (std::int64_t& one : priority) {
    one = random->between(-2, 4);
  }
  return priority;
}

graph::Durations random_durations(Random* random, const NodeMap& nodes, std::int64_t least) {
  graph::Durations durations;
  for (const auto& node : nodes) {
    graph::PhaseDurations all{random->between(least, 20), random->between(least, 20), random->between(least, 20)};
    all.codegen = node.phases == Phases::kWhole ? 0 : all.codegen;
    all.link = node.phases == Phases::kLinking ? all.link : 0;
    durations.push_back(all);
  }
  return durations;
}

NodeMap shrink(NodeMap nodes, const std::function<bool(const NodeMap&)>& fails) {
  return Shrinker(std::move(nodes), fails).run();
}

}  // namespace pcargo::test
