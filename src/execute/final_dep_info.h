// SPDX-License-Identifier: MIT OR Apache-2.0
// The `<profile>/name.d` files beside final artifacts: for other build systems, which sources an artifact was made from
// (cargo 1.95: core/compiler/output_depinfo.rs). One line: the artifact, then sources of it and of all path packages
// below.
#pragma once

#include "base/file_system.h"
#include "base/result.h"
#include "plan/build_plan.h"

#include <string>
#include <vector>

namespace pcargo::execute {

/// After a successful build, for every root. A file that already says the same is left alone.
Result<void> write_final_dep_info(const plan::BuildPlan& plan,
                                  const plan::ScriptOutputs& scripts,
                                  const FileSystem& files);

/// Those files, there or not.
std::vector<std::string> final_dep_info_files(const plan::BuildPlan& plan);

}  // namespace pcargo::execute
