// SPDX-License-Identifier: MIT OR Apache-2.0
// From invocations of a build plan to the unit graph: what one invocation alone does not tell. The run of a build
// script has no rustc whose arguments could be read, `lto` is said of the whole build, and roots are not marked.
#pragma once

#include "cargo/build_plan_arguments.h"
#include "cargo/build_plan_packages.h"
#include "cargo/unit_graph_builder.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pcargo::cargo {

/// One invocation as read. The unit's target, profile and features are those of its rustc, if it has one.
struct PlannedInvocation {
  PlannedPackage package;  ///< without root: that of an overridden script's run
  bool is_path = false;    ///< the sources lie where the user has them; not said of a script's run
  UnitDraft unit;          ///< its target is a draft, and its package has no id yet
  std::string out_dir;     ///< not of a script's run
  std::vector<std::string> outputs;
  std::size_t links = 0;  ///< how many of them have a final place
  LtoArguments lto = LtoArguments::kNone;
  std::string lto_name;
  bool is_primary = false;

  // Of the run of a build script; not of an overridden one.
  std::optional<std::string> opt_level;
  std::optional<bool> debug;
  std::vector<std::string> feature_variables;

  bool is_script_run() const { return unit.mode == CompileMode::kRunCustomBuild; }
};

/// `invocations` are what `builder` gave the names of crates for.
Result<UnitGraph> to_unit_graph(std::vector<PlannedInvocation> invocations,
                                const BuildPlanContext& context,
                                BuildPlanPackages* packages,
                                UnitGraphBuilder builder);

}  // namespace pcargo::cargo
