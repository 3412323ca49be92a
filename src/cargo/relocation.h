// SPDX-License-Identifier: MIT OR Apache-2.0
// A unit graph from another machine or checkout, with its paths made this one's: workspace, registry sources, git
// checkouts, the standard library's sources. A graph of this place stays as it is. Looks at disk only for what lies
// where in CARGO_HOME and whether it is there.
#pragma once

#include "base/file_system.h"
#include "base/result.h"
#include "cargo/metadata_reader.h"
#include "cargo/unit_graph.h"

#include <string>

namespace pcargo::cargo {

/// What lies where here.
struct Surroundings {
  const WorkspaceMetadata& metadata;
  const FileSystem& files;
  std::string cargo_home;
  std::string sysroot;
};

/// The graph's workspace root is found from its packages that are members here, by name. Fails when there is none, when
/// they lie otherwise than here, when a member has another version here, and when sources are missing, naming them.
Result<UnitGraph> relocate(UnitGraph graph, const Surroundings& here);

/// Fails when the source that a unit begins with is not there, naming some.
Result<void> require_sources(const UnitGraph& graph, const FileSystem& files);

}  // namespace pcargo::cargo
