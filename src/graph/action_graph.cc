// SPDX-License-Identifier: MIT OR Apache-2.0
#include "graph/action_graph.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <queue>
#include <string>

namespace pcargo::graph {

namespace {

// A cycle through a whole hostile graph must still make a readable message.
constexpr std::size_t kMaxNamedUnits = 20;

std::string name_of(UnitId unit) {
  return "unit " + std::to_string(unit.value);
}

Result<void> check_edges(const IdMap<UnitId, ActionGraph::Node>& nodes) {
  UnitId unit{0};
  for (const ActionGraph::Node& node : nodes) {
    for (std::size_t i = 0; i < node.dependencies.size(); ++i) {
      const Edge& edge = node.dependencies[i];
      auto place = [&] { return name_of(unit) + ": dependencies[" + std::to_string(i) + "]: "; };
      if (!nodes.contains(edge.unit)) {
        return Error{ErrorKind::kInput, place() + std::to_string(edge.unit.value) + " is out of range"};
      }
      if (edge.waits == Milestone::kObjects) {
        return Error{ErrorKind::kInput, place() + "nothing can wait for the objects of another unit"};
      }
    }
    ++unit.value;
  }
  return {};
}

/// The units on one cycle, the lowest id first. `blocked` units are those that Kahn's algorithm could not order: each
/// of them has a blocked dependency, so following these must come back to a unit already seen.
std::vector<UnitId> find_cycle(const ActionGraph& graph, const IdMap<UnitId, std::uint32_t>& blocked) {
  UnitId unit{0};
  while (blocked[unit] == 0) {
    ++unit.value;
  }
  std::vector<UnitId> path;
  IdMap<UnitId, std::optional<std::size_t>> position(graph.size());
  while (!position[unit]) {
    position[unit] = path.size();
    path.push_back(unit);
    auto dependencies = graph.dependencies(unit);
    auto next = std::find_if(
        dependencies.begin(), dependencies.end(), [&](const Edge& edge) { return blocked[edge.unit] != 0; });
    PCARGO_CHECK(next != dependencies.end());
    unit = next->unit;
  }
  path.erase(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(*position[unit]));
  std::rotate(path.begin(), std::min_element(path.begin(), path.end()), path.end());
  return path;
}

std::string describe_cycle(const std::vector<UnitId>& cycle) {
  std::string text;
  for (std::size_t i = 0; i < std::min(cycle.size(), kMaxNamedUnits); ++i) {
    text += name_of(cycle[i]) + " -> ";
  }
  if (cycle.size() > kMaxNamedUnits) {
    text += "(" + std::to_string(cycle.size() - kMaxNamedUnits) + " more) -> ";
  }
  return text + name_of(cycle.front());
}

}  // namespace

Result<ActionGraph> ActionGraph::build(const IdMap<UnitId, Node>& nodes) {
  PCARGO_TRY(check_edges(nodes));
  ActionGraph graph;
  graph.store_edges(nodes);
  PCARGO_TRY(graph.sort());
  return graph;
}

void ActionGraph::store_edges(const IdMap<UnitId, Node>& nodes) {
  phases_.reserve(nodes.size());
  dependency_begin_.reserve(nodes.size() + 1);
  dependency_begin_.push_back(0);
  dependent_begin_.assign(nodes.size() + 1, 0);
  for (const Node& node : nodes) {
    phases_.push_back(node.phases);
    dependency_edges_.insert(dependency_edges_.end(), node.dependencies.begin(), node.dependencies.end());
    dependency_begin_.push_back(static_cast<std::uint32_t>(dependency_edges_.size()));
    for (const Edge& edge : node.dependencies) {
      ++dependent_begin_[edge.unit.value + 1];
    }
  }
  for (std::size_t i = 1; i < dependent_begin_.size(); ++i) {
    dependent_begin_[i] += dependent_begin_[i - 1];
  }
  dependent_edges_.resize(dependency_edges_.size());
  std::vector<std::uint32_t> next_free(dependent_begin_.begin(), dependent_begin_.end() - 1);
  for (UnitId unit{0}; unit.value < size(); ++unit.value) {
    for (const Edge& edge : dependencies(unit)) {
      dependent_edges_[next_free[edge.unit.value]++] = Edge{unit, edge.waits};
    }
  }
}

Result<void> ActionGraph::sort() {
  IdMap<UnitId, std::uint32_t> missing(size());
  std::priority_queue<UnitId, std::vector<UnitId>, std::greater<>> ready;
  for (UnitId unit{0}; unit.value < size(); ++unit.value) {
    missing[unit] = static_cast<std::uint32_t>(dependencies(unit).size());
    if (missing[unit] == 0) {
      ready.push(unit);
    }
  }
  order_.reserve(size());
  while (!ready.empty()) {
    UnitId unit = ready.top();
    ready.pop();
    order_.push_back(unit);
    for (const Edge& edge : dependents(unit)) {
      if (--missing[edge.unit] == 0) {
        ready.push(edge.unit);
      }
    }
  }
  if (order_.size() != size()) {
    return Error{ErrorKind::kInput, "units depend on each other: " + describe_cycle(find_cycle(*this, missing))};
  }
  return {};
}

std::span<const Edge> ActionGraph::dependencies(UnitId unit) const {
  PCARGO_CHECK(unit.value < size());
  return std::span(dependency_edges_)
      .subspan(dependency_begin_[unit.value], dependency_begin_[unit.value + 1] - dependency_begin_[unit.value]);
}

std::span<const Edge> ActionGraph::dependents(UnitId unit) const {
  PCARGO_CHECK(unit.value < size());
  return std::span(dependent_edges_)
      .subspan(dependent_begin_[unit.value], dependent_begin_[unit.value + 1] - dependent_begin_[unit.value]);
}

bool ActionGraph::is_late_linked(UnitId unit) const {
  auto edges = dependencies(unit);
  return phases(unit) == Phases::kLinking &&
         std::any_of(edges.begin(), edges.end(), [](const Edge& edge) { return edge.waits != Milestone::kClosure; });
}

}  // namespace pcargo::graph
