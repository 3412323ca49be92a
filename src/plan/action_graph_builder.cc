// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/action_graph_builder.h"

#include "plan/unit_rules.h"

namespace pcargo::plan {

using cargo::CompileMode;
using graph::Phases;

namespace {

Phases phases_of(const cargo::UnitGraph& graph, UnitId unit) {
  const auto mode = graph.units[unit].mode;
  if (mode != CompileMode::kBuild && mode != CompileMode::kTest) {
    return Phases::kWhole;
  }
  return requires_upstream_objects(graph, unit) ? Phases::kLinking : Phases::kPipelined;
}

bool is_scheduling_dependency(const cargo::UnitGraph& graph, UnitId dependency) {
  const auto& target = graph.target(dependency);
  return (!target.is_test() && !target.is_bin()) || graph.units[dependency].mode == CompileMode::kDocscrape;
}

/// What a unit that links waits for before it may start.
Milestone needed_to_link(const cargo::UnitGraph& graph, UnitId dependency, bool is_late) {
  if (!is_late) {
    return Milestone::kClosure;
  }
  const auto& target = graph.target(dependency);
  return target.is_linkable() && !target.is_proc_macro() ? Milestone::kMetadata : Milestone::kArtifact;
}

}  // namespace

Result<graph::ActionGraph> build_action_graph(const cargo::UnitGraph& graph, const IdMap<UnitId, char>& late) {
  IdMap<UnitId, graph::ActionGraph::Node> nodes(graph.units.size());
  for (std::uint32_t i = 0; i < graph.units.size(); ++i) {
    const UnitId id{i};
    auto& node = nodes[id];
    node.phases = phases_of(graph, id);
    const bool needs_objects = requires_upstream_objects(graph, id);
    const bool is_late = !late.empty() && late[id] != 0;
    for (const auto& dependency : graph.units[id].dependencies) {
      if (is_scheduling_dependency(graph, dependency.unit)) {
        const auto waits = needs_objects ? needed_to_link(graph, dependency.unit, is_late)
                           : only_requires_rmeta(graph, id, dependency.unit) ? Milestone::kMetadata
                                                                             : Milestone::kArtifact;
        node.dependencies.push_back({dependency.unit, waits});
      } else if (needs_objects) {
        // Not the binary itself, but all that it links (cargo: depend_on_deps_of_deps).
        for (const auto& below : graph.units[dependency.unit].dependencies) {
          node.dependencies.push_back({below.unit, needed_to_link(graph, below.unit, is_late)});
        }
      }
    }
  }
  return graph::ActionGraph::build(nodes);
}

}  // namespace pcargo::plan
