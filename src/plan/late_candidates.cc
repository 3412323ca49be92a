// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/late_candidates.h"

#include "plan/late_link.h"
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

}  // namespace

IdMap<UnitId, char> late_candidates(const BuildPlan& plan, Linking linking) {
  const auto& graph = plan.graph();
  const auto& settings = plan.settings();
  if (linking == Linking::kHeld || settings.no_embed_metadata || settings.rustc_wrapper ||
      settings.rustc_workspace_wrapper) {
    return {};
  }
  auto candidates = derive_metadata_below(graph);
  for (UnitId unit{0}; unit.value < graph.units.size(); ++unit.value) {
    const auto& profile = graph.profile(unit);
    const bool pays = linking == Linking::kLateWhereItMayBe || !profile.incremental;
    candidates[unit] = static_cast<char>(candidates[unit] != 0 && pays && requires_upstream_objects(graph, unit) &&
                                         makes_nothing_else(plan, unit) && plan.lto(unit).kind != Lto::Kind::kRun &&
                                         profile.split_debuginfo != "packed" && is_for_linux(plan, unit));
  }
  return candidates;
}

}  // namespace pcargo::plan
