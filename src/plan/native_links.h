// SPDX-License-Identifier: MIT OR Apache-2.0
// Which build scripts' outputs reach which unit (cargo 1.95: core/compiler/custom_build.rs, build_map).
#pragma once

#include "cargo/package.h"
#include "cargo/unit_graph.h"

#include <vector>

namespace pcargo::plan {

/// Run units, each once.
struct NativeLinks {
  std::vector<UnitId> to_link;  ///< in link order: the own package's first, then what libraries below bring
  std::vector<UnitId> plugins;  ///< of host-side dependencies: their directories go into the library search path
};

/// `order`: every unit after its dependencies.
IdMap<UnitId, NativeLinks> derive_native_links(const cargo::UnitGraph& graph,
                                               const IdMap<cargo::PackageId, cargo::Package>& packages,
                                               const std::vector<UnitId>& order);

}  // namespace pcargo::plan
