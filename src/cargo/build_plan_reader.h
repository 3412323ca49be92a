// SPDX-License-Identifier: MIT OR Apache-2.0
// Reads `cargo build --build-plan` JSON, which cargo had up to 1.92, into a unit graph: what cargo worked out for each
// unit is in the arguments of its rustc, and is read back from there. Nobody behind this reader can tell which of the
// two cargo was asked for. The text is input from outside: everything in it is checked, what a graph cannot hold is
// refused, and an error names the place, as in `invocations[12].args[7]: unknown argument "-Zfoo"`.
#pragma once

#include "base/file_system.h"
#include "base/result.h"
#include "cargo/capabilities.h"
#include "cargo/metadata_reader.h"
#include "cargo/relocation.h"
#include "cargo/unit_graph.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::cargo {

/// What a build plan leaves out and the workspace, the packages' manifests and the command know.
struct BuildPlanContext {
  const WorkspaceMetadata& metadata;
  const FileSystem& files;
  std::string lock_file;     ///< text of Cargo.lock: where packages come from
  std::string profile_name;  ///< the requested one: the plan has its directory only
  /// The user's own flags, at the end of each command, by platform; the empty one is the host.
  std::map<std::string, std::vector<std::string>> rustflags = {};
  /// Does the command ask for the bin of this name? Tests have the bins of their package built in any case.
  std::function<bool(const std::string&)> asks_for_bin = [](const std::string&) { return true; };
  Capabilities capabilities = {};  ///< of the cargo at hand: the graph is as it would have it
  /// Given when the plan may have been made elsewhere: its paths are moved here.
  std::optional<Surroundings> here = {};
  /// Of the requested profile, "debug" or the like: given when the plan may be of another.
  std::optional<std::string> profile_directory = {};
};

/// One pass over the text, no document tree, and one over the units. A plan has what is depended on first, so that it
/// cannot have cycles.
Result<UnitGraph> read_build_plan(std::string_view json, const BuildPlanContext& context);

}  // namespace pcargo::cargo
