// SPDX-License-Identifier: MIT OR Apache-2.0
// What a unit would run, as far as it is known before anything has run: for those who print a plan. Pure.
#pragma once

#include "plan/build_plan.h"

#include <string>
#include <vector>

namespace pcargo::plan {

struct PlannedInvocation {
  enum class Work {
    kCompile,
    kRunScript,
    kNothing,  ///< config answers in place of the build script
  };
  Work work = Work::kCompile;
  Invocation invocation;            ///< empty for kNothing
  std::vector<std::string> inputs;  ///< source of the crate's root, what dependencies make for it; or the script
  std::vector<OutputFile> outputs;  ///< of a run: none, it has out_dir
  /// Build-script runs whose output adds to the command (`-L`, `-l`, `-C link-arg`, `--cfg`, variables), in the order
  /// in which each puts its own there. They must have run before.
  std::vector<UnitId> after_scripts;
};

/// The answers that config gives in place of build scripts.
ScriptOutputs overridden_scripts(const BuildPlan& plan);

/// `known`: overridden_scripts().
PlannedInvocation planned_invocation(const BuildPlan& plan, UnitId unit, const ScriptOutputs& known);

}  // namespace pcargo::plan
