// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/build_notes.h"

#include "report/explanation.h"
#include "report/unit_names.h"

namespace pcargo::report {

using State = freshness::LastBuild::State;

void BuildNotes::finished(UnitId unit, Outcome outcome) {
  const bool ran = causes_.count(unit) != 0;
  states_[unit] = outcome == Outcome::kFailure     ? State::kFailed
                  : outcome == Outcome::kCancelled ? State::kStopped
                  : ran                            ? State::kRan
                                                   : State::kFresh;
}

std::string BuildNotes::explain(UnitId unit, const std::string& workspace_root) const {
  const auto cause_of = [this](UnitId id) {
    const auto found = causes_.find(id);
    return found == causes_.end() ? nullptr : &found->second;
  };
  return describe_chain(chain_of(unit, cause_of), workspace_root);
}

freshness::LastBuild BuildNotes::to_last_build(const cargo::UnitGraph& graph,
                                               const IdMap<cargo::PackageId, cargo::Package>& packages) const {
  freshness::LastBuild build;
  for (std::uint32_t i = 0; i < graph.units.size(); ++i) {
    const UnitId id{i};
    const auto& unit = graph.units[id];
    const auto& package = packages[unit.package];
    freshness::LastBuild::Unit note{package.name, package.version, graph.target(id).name};
    note.what = unit_kind(graph.target(id), unit.mode);
    if (const auto& platform = graph.platform(id); !platform.empty()) {
      note.what += " for " + platform;
    }
    note.state = states_[id];
    if (const auto cause = causes_.find(id); cause != causes_.end()) {
      note.cause = cause->second;
      // Nothing was heard of its end: the build died first.
      note.state = note.state == State::kNotReached ? State::kStopped : note.state;
    }
    build.units.push_back(std::move(note));
  }
  return build;
}

}  // namespace pcargo::report
