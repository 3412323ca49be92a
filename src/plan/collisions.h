// SPDX-License-Identifier: MIT OR Apache-2.0
// Files that two units would both write (cargo 1.95: build_runner/mod.rs, check_collisions). Cargo warns and goes on.
#pragma once

#include "plan/build_plan.h"

#include <string>
#include <vector>

namespace pcargo::plan {

struct Collision {
  std::string path;
  UnitId unit;
  UnitId other;             ///< the one that came first
  std::string description;  ///< "the bin target `x` in package `y v1.0.0 (/y)` has the same output filename as ..."
  bool same_target_name = false;  ///< an ordinary mistake; otherwise cargo suspects itself
};

/// In cargo's order: units as the graph has them, internal path before final path.
std::vector<Collision> find_collisions(const BuildPlan& plan);

}  // namespace pcargo::plan
