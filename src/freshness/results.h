// SPDX-License-Identifier: MIT OR Apache-2.0
// What came out of units, as digests: the part of a dependent's inputs that other units make. Filled while the build
// goes: at a unit's metadata notice, at its end, or when it was found fresh.
#pragma once

#include "base/digest.h"
#include "plan/build_plan.h"

#include <map>
#include <optional>

namespace pcargo::freshness {

/// What one run made. nullopt: nothing of the kind, or it is not known.
struct Made {
  std::optional<Digest> metadata;
  std::optional<Digest> artifact;
};

class Results {
 public:
  explicit Results(const plan::BuildPlan& plan);

  /// The unit runs in this build; `before` is what it had made when it ran last.
  void will_run(UnitId unit, const Made& before);
  /// Did it run in this build, and make something else than before? Until it is known what it made: no.
  bool made_other_metadata(UnitId unit) const;
  bool made_other_artifact(UnitId unit) const;

  void set_metadata(UnitId unit, const Digest& digest) { metadata_[unit] = digest; }
  /// Of everything that the unit left: all of its output files, or OUT_DIR.
  void set_artifact(UnitId unit, const Digest& digest) { artifact_[unit] = digest; }

  /// What `unit` uses of its dependency. nullopt: not known, so nothing can be said to be unchanged.
  std::optional<Digest> used_by(UnitId unit, UnitId dependency) const;
  /// Is the dependency a library that is linked into it? Then used_by() is what is linked, and it reads, before that,
  /// what read_before_link() says.
  bool is_linked_into(UnitId unit, UnitId dependency) const;
  std::optional<Digest> read_before_link(UnitId dependency) const;
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
  std::map<UnitId, Made> before_;  ///< of units that run in this build
  mutable Values metadata_closure_;
  mutable Values artifact_closure_;
};

}  // namespace pcargo::freshness
