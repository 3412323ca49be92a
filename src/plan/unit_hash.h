// SPDX-License-Identifier: MIT OR Apache-2.0
// The two names of a unit: `-C metadata` and `-C extra-filename`. Ours, not cargo's values, but with cargo's meaning:
// units that cargo keeps apart get different ones, the same unit gets the same one on every machine and in every
// checkout. No absolute path goes in but those that a user's own flag holds. (cargo 1.95:
// build_runner/compilation_files.rs)
#pragma once

#include "cargo/package.h"
#include "cargo/unit_graph.h"
#include "plan/lto.h"
#include "plan/settings.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pcargo::plan {

struct UnitHash {
  std::uint64_t unit_id = 0;     ///< file and directory names; covers rustflags
  std::uint64_t c_metadata = 0;  ///< symbol names; does not cover rustflags

  /// 16 lower-case hex digits.
  static std::string to_hex(std::uint64_t value);
};

struct UnitHashInputs {
  const cargo::UnitGraph& graph;
  const IdMap<cargo::PackageId, cargo::Package>& packages;
  const Settings& settings;
  const IdMap<UnitId, Lto>& lto;
  const std::vector<UnitId>& order;  ///< every unit after its dependencies
};

IdMap<UnitId, UnitHash> compute_unit_hashes(const UnitHashInputs& inputs);

}  // namespace pcargo::plan
