// SPDX-License-Identifier: MIT OR Apache-2.0
// How each unit takes part in link-time optimisation: a pass from the roots down (cargo 1.95: core/compiler/lto.rs).
#pragma once

#include "cargo/unit_graph.h"

#include <string>
#include <vector>

namespace pcargo::plan {

struct Lto {
  enum class Kind : std::uint8_t {
    kRun,  ///< rustc runs LTO, in the named way if `name` is not empty
    kOff,
    kOnlyBitcode,
    kObjectAndBitcode,
    kOnlyObject,
  };
  Kind kind = Kind::kOnlyObject;
  std::string name = {};

  bool operator==(const Lto&) const = default;
};

/// For every unit; one that no root reaches keeps kOnlyObject.
IdMap<UnitId, Lto> derive_lto(const cargo::UnitGraph& graph);

/// The rustc arguments of a state.
std::vector<std::string> lto_arguments(const Lto& lto);

}  // namespace pcargo::plan
