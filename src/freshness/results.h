// SPDX-License-Identifier: MIT OR Apache-2.0
// What came out of units, as digests: the part of a dependent's inputs that other units make. Filled while the build
// goes: at a unit's metadata notice, at its end, or when it was found fresh.
#pragma once

#include "base/digest.h"
#include "plan/build_plan.h"

#include <optional>

namespace pcargo::freshness {

class Results {
 public:
  explicit Results(const plan::BuildPlan& plan);

  void set_metadata(UnitId unit, const Digest& digest) { metadata_[unit] = digest; }
  /// Of everything that the unit left: all of its output files, or OUT_DIR.
  void set_artifact(UnitId unit, const Digest& digest) { artifact_[unit] = digest; }

  /// What `unit` uses of its dependency. nullopt: not known, so nothing can be said to be unchanged.
  std::optional<Digest> used_by(UnitId unit, UnitId dependency) const;
  const std::optional<Digest>& metadata(UnitId unit) const { return metadata_[unit]; }
  const std::optional<Digest>& artifact(UnitId unit) const { return artifact_[unit]; }

 private:
  using Values = IdMap<UnitId, std::optional<Digest>>;

  /// The unit's own result and those of all libraries below it: rustc reads them all through `-L dependency`, and a
  /// linker their objects. A changed library far below need not change the crates between.
  std::optional<Digest> closure(UnitId unit, const Values& own, Values* memo) const;

  const plan::BuildPlan& plan_;
  bool links_dynamically_ = false;  ///< some library of the graph is a dylib: what links it needs more than itself
  Values metadata_;
  Values artifact_;
  mutable Values metadata_closure_;
  mutable Values artifact_closure_;
};

}  // namespace pcargo::freshness
