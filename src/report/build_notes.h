// SPDX-License-Identifier: MIT OR Apache-2.0
// What became of each unit of a build, and why those that ran had to: kept while the build goes, for `--explain` and,
// at its end, for `pcargo why`.
#pragma once

#include "base/ids.h"
#include "base/milestone.h"
#include "cargo/package.h"
#include "cargo/unit_graph.h"
#include "freshness/cause.h"
#include "freshness/last_build.h"

#include <map>
#include <string>

namespace pcargo::report {

class BuildNotes {
 public:
  explicit BuildNotes(std::size_t units) : states_(units, freshness::LastBuild::State::kNotReached) {}

  void is_dirty(UnitId unit, const freshness::Cause& cause) { causes_[unit] = cause; }
  void finished(UnitId unit, Outcome outcome);

  bool anything_ran() const { return !causes_.empty(); }

  /// The unit's cause, and what is behind it in this build.
  std::string explain(UnitId unit, const std::string& workspace_root) const;

  /// All but what only the command line knows: `command`, `workspace_root`, `ended_at`, `outcome`.
  freshness::LastBuild to_last_build(const cargo::UnitGraph& graph,
                                     const IdMap<cargo::PackageId, cargo::Package>& packages) const;

 private:
  std::map<UnitId, freshness::Cause> causes_;  ///< of units that ran
  IdMap<UnitId, freshness::LastBuild::State> states_;
};

}  // namespace pcargo::report
