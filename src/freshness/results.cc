// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/results.h"

#include "plan/unit_rules.h"
#include "platform/sha256.h"

#include <algorithm>

namespace pcargo::freshness {

Results::Results(const plan::BuildPlan& plan)
    : plan_(plan),
      metadata_(plan.graph().units.size()),
      artifact_(plan.graph().units.size()),
      metadata_closure_(plan.graph().units.size()),
      artifact_closure_(plan.graph().units.size()) {
  const auto& targets = plan.graph().targets;
  links_dynamically_ =
      std::any_of(targets.begin(), targets.end(), [](const auto& target) { return target.has_crate_type("dylib"); });
}

void Results::will_run(UnitId unit, const Made& before) {
  before_[unit] = before;
}

bool Results::made_other_metadata(UnitId unit) const {
  const auto before = before_.find(unit);
  return before != before_.end() && metadata_[unit] && metadata_[unit] != before->second.metadata;
}

bool Results::made_other_artifact(UnitId unit) const {
  const auto before = before_.find(unit);
  return before != before_.end() && artifact_[unit] && artifact_[unit] != before->second.artifact;
}

std::optional<Digest> Results::used_by(UnitId unit, UnitId dependency) const {
  const auto& graph = plan_.graph();
  const auto& target = graph.target(dependency);
  if (target.is_custom_build()) {
    return artifact_[dependency];  // the script, or what it made
  }
  if (target.is_proc_macro() && !links_dynamically_) {
    return artifact_[dependency];  // all that it needs is linked into it
  }
  if (plan::only_requires_rmeta(graph, unit, dependency)) {
    return closure(dependency, metadata_, &metadata_closure_);
  }
  return closure(dependency, artifact_, &artifact_closure_);
}

bool Results::is_linked_into(UnitId unit, UnitId dependency) const {
  const auto& graph = plan_.graph();
  const auto& target = graph.target(dependency);
  const auto mode = graph.units[unit].mode;
  const bool links = mode == cargo::CompileMode::kBuild || mode == cargo::CompileMode::kTest;
  return links && plan::requires_upstream_objects(graph, unit) && target.is_linkable() &&
         (!target.is_proc_macro() || links_dynamically_);
}

std::optional<Digest> Results::read_before_link(UnitId dependency) const {
  return closure(dependency, metadata_, &metadata_closure_);
}

std::optional<Digest> Results::closure(UnitId unit, const Values& own, Values* memo) const {
  if ((*memo)[unit]) {
    return (*memo)[unit];
  }
  // Without recursion: a chain of crates may be longer than the stack is deep.
  std::vector<std::pair<UnitId, std::size_t>> stack{{unit, 0}};
  while (!stack.empty()) {
    auto& [current, next] = stack.back();
    const auto& dependencies = plan_.graph().units[current].dependencies;
    const auto is_library = [&](UnitId id) {
      return plan_.graph().target(id).is_linkable() && !plan_.graph().target(id).is_proc_macro();
    };
    while (next < dependencies.size() && (!is_library(dependencies[next].unit) || (*memo)[dependencies[next].unit])) {
      ++next;
    }
    if (next < dependencies.size()) {
      const UnitId below = dependencies[next++].unit;
      stack.emplace_back(below, 0);
      continue;
    }
    if (!own[current]) {
      return std::nullopt;
    }
    platform::Sha256 hasher;
    hasher.update_field(to_hex(*own[current]));
    for (const auto& dependency : dependencies) {
      if (is_library(dependency.unit)) {
        const auto& below = (*memo)[dependency.unit];
        if (!below) {
          return std::nullopt;
        }
        hasher.update_field(to_hex(*below));
      }
    }
    (*memo)[current] = hasher.finish();
    stack.pop_back();
  }
  return (*memo)[unit];
}

}  // namespace pcargo::freshness
