// SPDX-License-Identifier: MIT OR Apache-2.0
// `cargo run` cannot print its unit graph (1.95 prints it, then panics), so `run` is planned as `build` of what it
// would run (cargo 1.95: src/bin/cargo/commands/run.rs, ops/cargo_run.rs). Pure.
#pragma once

#include "cargo/metadata_reader.h"

#include <string>
#include <vector>

namespace pcargo::prepare {

struct RunSelection {
  enum class Kind {
    kPlan,          ///< plan `build` with `flags` added
    kCargoRefuses,  ///< cargo itself has the words for why not: let it plan `run`
    kUnclear,       ///< leave the command to cargo
  };
  Kind kind = Kind::kPlan;
  std::vector<std::string> flags;
};

/// `arguments` are cargo's own, not the program's. Which one target of which packages they select.
/// For a cargo that does not name the default members: the package of the current manifest, or all of a virtual one.
/// Empty where the root manifest names others.
std::vector<std::string> default_members(const cargo::WorkspaceMetadata& metadata,
                                         const std::string& current_manifest,
                                         bool root_names_them);

RunSelection select_run_target(const cargo::WorkspaceMetadata& metadata, const std::vector<std::string>& arguments);

}  // namespace pcargo::prepare
