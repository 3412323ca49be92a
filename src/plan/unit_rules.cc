// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/unit_rules.h"

#include <algorithm>

namespace pcargo::plan {

using cargo::CompileMode;
using cargo::TargetKind;

bool is_check(CompileMode mode) {
  return mode == CompileMode::kCheck || mode == CompileMode::kCheckTest;
}

bool is_any_test(CompileMode mode) {
  return mode == CompileMode::kTest || mode == CompileMode::kCheckTest || mode == CompileMode::kDoctest;
}

bool is_doc(CompileMode mode) {
  return mode == CompileMode::kDoc;
}

bool keeps_metadata_apart(const cargo::UnitGraph& graph, UnitId unit) {
  const auto& target = graph.target(unit);
  const bool has_library_kind = target.is_library() || (target.is_example() && !target.is_executable());
  return graph.units[unit].mode == CompileMode::kBuild && has_library_kind &&
         (target.has_crate_type("lib") || target.has_crate_type("rlib") || target.has_crate_type("dylib"));
}

bool requires_upstream_objects(const cargo::UnitGraph& graph, UnitId unit) {
  const auto& target = graph.target(unit);
  if (is_any_test(graph.units[unit].mode)) {
    return true;
  }
  if (target.kind != TargetKind::kLib && target.kind != TargetKind::kExample) {
    return true;
  }
  return std::any_of(target.crate_types.begin(), target.crate_types.end(), [](const std::string& type) {
    return type != "lib" && type != "rlib";
  });
}

bool only_requires_rmeta(const cargo::UnitGraph& graph, UnitId parent, UnitId dependency) {
  return graph.units[parent].mode == CompileMode::kBuild && graph.units[dependency].mode == CompileMode::kBuild &&
         !requires_upstream_objects(graph, parent) && !requires_upstream_objects(graph, dependency);
}

std::vector<UnitId> own_script_runs(const cargo::UnitGraph& graph, UnitId unit) {
  const auto& self = graph.units[unit];
  if (self.mode == CompileMode::kRunCustomBuild) {
    return {unit};
  }
  std::vector<UnitId> runs;
  for (const auto& dependency : self.dependencies) {
    const auto& other = graph.units[dependency.unit];
    if (other.mode == CompileMode::kRunCustomBuild && other.package == self.package) {
      runs.push_back(dependency.unit);
    }
  }
  return runs;
}

std::optional<UnitId> script_compile_unit(const cargo::UnitGraph& graph, UnitId run) {
  for (const auto& dependency : graph.units[run].dependencies) {
    const auto& other = graph.units[dependency.unit];
    if (other.mode != CompileMode::kRunCustomBuild && graph.target(dependency.unit).is_custom_build()) {
      return dependency.unit;
    }
  }
  return std::nullopt;
}

std::vector<UnitId> dependency_order(const cargo::UnitGraph& graph) {
  enum class State : char { kNew, kOpen, kDone };
  IdMap<UnitId, State> states(graph.units.size(), State::kNew);
  std::vector<UnitId> order;
  order.reserve(graph.units.size());
  std::vector<std::pair<UnitId, std::size_t>> stack;  // a unit and the next of its dependencies to visit
  for (std::uint32_t i = 0; i < graph.units.size(); ++i) {
    if (states[UnitId{i}] == State::kNew) {
      stack.emplace_back(UnitId{i}, 0);
    }
    while (!stack.empty()) {
      auto& [unit, next] = stack.back();
      const auto& dependencies = graph.units[unit].dependencies;
      states[unit] = State::kOpen;
      if (next == dependencies.size()) {
        states[unit] = State::kDone;
        order.push_back(unit);
        stack.pop_back();
        continue;
      }
      const UnitId dependency = dependencies[next++].unit;
      if (states[dependency] == State::kNew) {
        stack.emplace_back(dependency, 0);
      }
    }
  }
  return order;
}

}  // namespace pcargo::plan
