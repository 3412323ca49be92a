// SPDX-License-Identifier: MIT OR Apache-2.0
// rustc's command line for a unit, argument by argument in cargo's order (cargo-behaviour 2.1 to 2.5; cargo 1.95:
// core/compiler/mod.rs, prepare_rustc, build_base_args, build_deps_args, extern_args).
#pragma once

#include "plan/build_plan.h"

#include <string>
#include <vector>

namespace pcargo::plan {

/// Everything after the program name. `scripts` must hold what native_links() and the own package's runs name.
std::vector<std::string> rustc_arguments(const BuildPlan& plan, UnitId unit, const ScriptOutputs& scripts);

/// Source argument and working directory: relative to the workspace root for path packages that lie in it.
struct SourcePath {
  std::string argument;
  std::string working_directory;
};
SourcePath source_path(const BuildPlan& plan, UnitId unit);

/// Which of the files of a dependency `--extern` names.
bool is_extern(const BuildPlan& plan, UnitId unit, UnitId dependency, const OutputFile& output);

}  // namespace pcargo::plan
