// SPDX-License-Identifier: MIT OR Apache-2.0
// Units of a build that belong together for who wants to change something about them.
#pragma once

#include "record/timeline.h"

#include <string>
#include <vector>

namespace pcargo::report {

/// Units that ran, by id.
struct CrateGroup {
  std::string package;
  std::vector<std::string> versions;  ///< each once, as they come; by unit for those built more than once
  std::vector<UnitId> units;
  bool crosses_platforms = false;
};

bool is_script_run(const record::UnitName& name);
bool is_script(const record::UnitName& name);  ///< its compilation
/// Or a macro; not what is compiled for itself, or only builds or tests.
bool is_library(const record::UnitName& name);

std::vector<CrateGroup> packages(const record::Timeline& timeline);

/// All compilations of one target of a package: for host and target, with and without tests.
std::vector<CrateGroup> crates(const record::Timeline& timeline);

/// The libraries and macros of which more than one version was built.
std::vector<CrateGroup> several_versions(const record::Timeline& timeline);

/// The libraries of which one version was built more than once: for the host and for the target, or with other features
/// or flags.
std::vector<CrateGroup> built_again(const record::Timeline& timeline);

/// Build scripts, by package and version: compiled and run.
std::vector<CrateGroup> build_scripts(const record::Timeline& timeline);

/// Packages outside the workspace that a unit of the workspace needs itself.
std::vector<CrateGroup> direct_dependencies(const record::Timeline& timeline);

}  // namespace pcargo::report
