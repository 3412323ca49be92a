// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/rehearsal.h"

#include <algorithm>

namespace pcargo::report {

using record::Microseconds;

namespace {

/// The same graph with one unit more, the last, that has the dependencies and the dependents of `unit`.
graph::ActionGraph with_a_twin(const graph::ActionGraph& graph, UnitId unit) {
  const UnitId twin{static_cast<std::uint32_t>(graph.size())};
  IdMap<UnitId, graph::ActionGraph::Node> nodes;
  nodes.reserve(graph.size() + 1);
  for (UnitId id{0}; id.value < graph.size(); ++id.value) {
    const auto edges = graph.dependencies(id);
    nodes.push_back({graph.phases(id), {edges.begin(), edges.end()}});
    for (const graph::Edge& edge : edges) {
      if (edge.unit == unit) {
        nodes[id].dependencies.push_back({twin, edge.waits});
      }
    }
  }
  nodes.push_back(nodes[unit]);
  auto result = graph::ActionGraph::build(nodes);
  PCARGO_CHECK(result.has_value());
  return *std::move(result);
}

}  // namespace

Rehearsal::Rehearsal(const record::Timeline& timeline)
    : timeline_(timeline),
      estimates_(record::estimates_of(timeline, record::Counted::kPassed)),
      wall_(wall_on(cores())) {}

Microseconds Rehearsal::won_without(std::span<const UnitId> units) {
  std::vector<graph::PhaseDurations> kept;
  for (const UnitId unit : units) {
    kept.push_back(estimates_[unit].one_thread);
    estimates_[unit].one_thread = {};
  }
  const Microseconds won = wall_ - wall_on(cores());
  Microseconds ran = 0;
  for (std::size_t i = 0; i < units.size(); ++i) {
    estimates_[units[i]].one_thread = kept[i];
    const auto& times = timeline_.units[units[i]];
    ran += times.start ? times.finish.value_or(timeline_.end) - *times.start : 0;
  }
  return std::clamp<Microseconds>(won, 0, ran);
}

Microseconds Rehearsal::won_by_splitting(UnitId unit) const {
  record::Timeline halved;
  halved.head = timeline_.head;
  halved.graph = with_a_twin(timeline_.graph, unit);
  halved.units = timeline_.units;
  halved.units.push_back(halved.units[unit]);
  halved.end = timeline_.end;
  auto estimates = estimates_;
  auto& half = estimates[unit].one_thread;
  half = {half.frontend / 2, half.codegen / 2, half.link / 2};
  estimates.push_back(estimates[unit]);
  return std::max<Microseconds>(wall_ - simulated_wall(halved, estimates, cores()), 0);
}

Microseconds Rehearsal::work(std::span<const UnitId> units) const {
  Microseconds sum = 0;
  for (const UnitId unit : units) {
    sum += work(unit);
  }
  return sum;
}

std::size_t Rehearsal::affordable(std::size_t wanted) const {
  constexpr std::size_t kMostSimulatedUnits = 100'000;
  return std::clamp<std::size_t>(kMostSimulatedUnits / std::max<std::size_t>(estimates_.size(), 1), 1, wanted);
}

}  // namespace pcargo::report
