// SPDX-License-Identifier: MIT OR Apache-2.0
// From the packages of a unit graph to what their manifests say. `cargo metadata` with dependencies is not used: it
// needs sources that the build does not. Manifests are found from where they lie: a path id names its directory, any
// other package is found upwards from the sources of its units.
#pragma once

#include "base/file_system.h"
#include "base/result.h"
#include "cargo/metadata_reader.h"
#include "cargo/package.h"
#include "cargo/unit_graph.h"

#include <map>
#include <string>

namespace pcargo::cargo {

struct PackageReaderInput {
  const UnitGraph& graph;
  const WorkspaceMetadata& metadata;
  const FileSystem& files;
  std::string cargo_home;  ///< absolute: the search for a workspace root does not leave it
  /// From a registry's index URL to its name in the config: cargo calls it so. Others are called by their URL.
  std::map<std::string, std::string> registry_names = {};
};

/// One Package for every package id of the graph. A manifest with a mistake is an error that names the file, and line
/// and column where its syntax is wrong.
Result<IdMap<PackageId, Package>> read_packages(const PackageReaderInput& input);

}  // namespace pcargo::cargo
