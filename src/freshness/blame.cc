// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/blame.h"

#include "plan/unit_rules.h"

#include <algorithm>
#include <deque>
#include <set>

namespace pcargo::freshness {

namespace {

using Kind = Cause::Kind;

class Blame {
 public:
  Blame(const plan::BuildPlan& plan, UnitId unit, const Results& results, const std::vector<GivenField>& before)
      : plan_(plan), unit_(unit), results_(results), before_(before) {}

  void settle(Cause* cause) const {
    const bool by_script = cause->kind == Kind::kScriptChanged;
    for (UnitId candidate : candidates(by_script)) {
      if (plan_.package(candidate).name != cause->subject || is_as_before(candidate, by_script)) {
        continue;
      }
      if (by_script) {
        cause->source = results_.made_other_artifact(candidate) ? std::optional(candidate) : std::nullopt;
        return;
      }
      bool by_metadata = uses_metadata(candidate);
      auto culprit = nearest_that_changed(candidate, by_metadata);
      if (!culprit && !by_metadata) {  // it links, but what it links is not there yet
        by_metadata = true;
        culprit = nearest_that_changed(candidate, by_metadata);
      }
      if (culprit) {
        const bool is_script = plan_.graph().target(*culprit).is_custom_build();
        cause->kind = is_script ? Kind::kScriptCompiled : by_metadata ? Kind::kMetadataChanged : Kind::kArtifactChanged;
        cause->subject = plan_.package(*culprit).name;
        cause->source = culprit;
      }
      return;
    }
  }

 private:
  /// Units that the unit is given something of.
  std::vector<UnitId> candidates(bool scripts) const {
    std::vector<UnitId> result;
    for (const auto& dependency : plan_.graph().units[unit_].dependencies) {
      if (is_run(dependency.unit) == scripts) {
        result.push_back(dependency.unit);
      }
    }
    if (scripts) {
      const auto own = plan::own_script_runs(plan_.graph(), unit_);
      const auto& linked = plan_.native_links(unit_).to_link;
      result.insert(result.end(), own.begin(), own.end());
      result.insert(result.end(), linked.begin(), linked.end());
    }
    return result;
  }

  bool is_run(UnitId unit) const { return plan_.graph().units[unit].mode == cargo::CompileMode::kRunCustomBuild; }

  bool uses_metadata(UnitId dependency) const {
    const auto& target = plan_.graph().target(dependency);
    return !target.is_custom_build() && !target.is_proc_macro() &&
           plan::only_requires_rmeta(plan_.graph(), unit_, dependency);
  }

  bool is_as_before(UnitId candidate, bool by_script) const {
    const auto now = by_script ? results_.artifact(candidate) : results_.used_by(unit_, candidate);
    return now && std::any_of(before_.begin(), before_.end(), [&](const GivenField& field) {
             return field.name == plan_.package(candidate).name && field.value == to_hex(*now);
           });
  }

  /// The dependency itself, or the nearest library below it.
  std::optional<UnitId> nearest_that_changed(UnitId dependency, bool by_metadata) const {
    std::deque<UnitId> queue{dependency};
    std::set<UnitId> seen{dependency};
    for (; !queue.empty(); queue.pop_front()) {
      const UnitId current = queue.front();
      if (by_metadata ? results_.made_other_metadata(current) : results_.made_other_artifact(current)) {
        return current;
      }
      for (const auto& below : plan_.graph().units[current].dependencies) {
        if (plan_.graph().target(below.unit).is_linkable() && seen.insert(below.unit).second) {
          queue.push_back(below.unit);
        }
      }
    }
    return std::nullopt;
  }

  const plan::BuildPlan& plan_;
  UnitId unit_;
  const Results& results_;
  const std::vector<GivenField>& before_;
};

}  // namespace

void blame(const plan::BuildPlan& plan,
           UnitId unit,
           const Results& results,
           const std::vector<GivenField>& before,
           Cause* cause) {
  if (cause->kind == Kind::kDependencyChanged || cause->kind == Kind::kScriptChanged) {
    Blame(plan, unit, results, before).settle(cause);
  }
}

}  // namespace pcargo::freshness
