// SPDX-License-Identifier: MIT OR Apache-2.0
// The executable plan as JSON, version 1: `invocations` for readers, and in `made_from` all that they were derived
// from. Reading makes the plan from the second and holds it against the first: a file in which they differ is refused,
// so that nobody reads another thing than what would run. The format is described in plan/plan.schema.json.
#pragma once

#include "base/environment.h"
#include "base/result.h"
#include "plan/build_plan.h"

#include <memory>
#include <string>
#include <string_view>

namespace pcargo::plan {

inline constexpr int kPlanFileVersion = 1;

/// The requested profile, as "Finished" tells it: no unit says.
struct FinishedProfile {
  std::string opt_level;
  bool has_debuginfo = false;
};

/// Fails on what is not UTF-8, which JSON cannot hold. `inherited`: our own environment.
Result<std::string> write_plan_file(const BuildPlan& plan,
                                    const FinishedProfile& finished,
                                    const Environment& inherited);

/// What a BuildPlan is made from.
struct PlanFile {
  cargo::UnitGraph graph;
  IdMap<cargo::PackageId, cargo::Package> packages;
  Settings settings;  ///< with the environment that the file makes of `inherited`
  FinishedProfile finished;
};

/// The text is input from outside; an error names the place, as in `invocations[3].argv[7]`.
Result<PlanFile> read_plan_file(std::string_view text, const Environment& inherited);

}  // namespace pcargo::plan
