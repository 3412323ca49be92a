// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/late_candidates.h"

#include "plan/unit_rules.h"

#include <algorithm>
#include <array>

namespace pcargo::plan {

using cargo::CompileMode;

namespace {

bool is_for_linux(const BuildPlan& plan, UnitId unit) {
  return plan.target_settings(unit).triple.find("-linux-") != std::string::npos;
}

/// Does it only link, so that it reads nothing but metadata before?
bool makes_nothing_else(const BuildPlan& plan, UnitId unit) {
  constexpr std::array<std::string_view, 3> kLinked = {"bin", "cdylib", "proc-macro"};
  const auto mode = plan.graph().units[unit].mode;
  const auto& types = plan.graph().target(unit).crate_types;
  return mode == CompileMode::kTest ||
         (mode == CompileMode::kBuild && std::all_of(types.begin(), types.end(), [&](const std::string& type) {
            return std::find(kLinked.begin(), kLinked.end(), type) != kLinked.end();
          }));
}

/// A library whose dependents can do with its metadata until they link.
bool is_plain_library(const cargo::UnitGraph& graph, UnitId unit) {
  return graph.target(unit).is_linkable() && graph.units[unit].mode == CompileMode::kBuild &&
         !requires_upstream_objects(graph, unit);
}

}  // namespace

IdMap<UnitId, char> late_candidates(const BuildPlan& plan) {
  const auto& graph = plan.graph();
  const auto& settings = plan.settings();
  IdMap<UnitId, char> candidates(graph.units.size(), 0);
  if (settings.no_embed_metadata || settings.rustc_wrapper || settings.rustc_workspace_wrapper) {
    return candidates;
  }
  // Of a library: it and all libraries below it are plain. A proc-macro holds what it needs.
  IdMap<UnitId, char> is_plain(graph.units.size(), 0);
  for (UnitId unit : dependency_order(graph)) {
    const auto& dependencies = graph.units[unit].dependencies;
    const bool has_plain_libraries = std::all_of(dependencies.begin(), dependencies.end(), [&](const auto& dependency) {
      const auto& target = graph.target(dependency.unit);
      return !target.is_linkable() || target.is_proc_macro() || is_plain[dependency.unit];
    });
    is_plain[unit] = static_cast<char>(has_plain_libraries && is_plain_library(graph, unit));
    candidates[unit] = static_cast<char>(has_plain_libraries && requires_upstream_objects(graph, unit) &&
                                         makes_nothing_else(plan, unit) && plan.lto(unit).kind != Lto::Kind::kRun &&
                                         graph.profile(unit).split_debuginfo != "packed" && is_for_linux(plan, unit));
  }
  return candidates;
}

}  // namespace pcargo::plan
