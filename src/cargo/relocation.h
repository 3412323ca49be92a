// SPDX-License-Identifier: MIT OR Apache-2.0
// A plan of cargo's from another machine or checkout, with its paths made this one's: workspace, registry sources, git
// checkouts, the standard library's sources. A plan of this place stays as it is. Looks at disk only for what lies
// where in CARGO_HOME and whether it is there.
#pragma once

#include "base/file_system.h"
#include "base/result.h"
#include "cargo/metadata_reader.h"
#include "cargo/unit_graph.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::cargo {

/// What lies where here.
struct Surroundings {
  const WorkspaceMetadata& metadata;
  const FileSystem& files;
  std::string cargo_home;
  std::string sysroot;
};

/// Where that which lay elsewhere lies here.
class Relocation {
 public:
  struct PathPackage {
    std::string name;
    std::string version;
    std::string directory;  ///< there
  };

  /// The workspace root there is found from the packages that are members here, by name. Fails when there is none, when
  /// they lie otherwise than here, and when a member has another version here. `here` must outlive it.
  static Result<Relocation> find(const std::vector<PathPackage>& packages, const Surroundings& here);

  /// Of a path package, or something in the workspace.
  std::string move_path(const std::string& there) const;

  /// A file of a package from a registry or a git source, vendored or not. One that is not here stays as it is.
  std::string move_download(const std::string& there) const;

 private:
  explicit Relocation(const Surroundings& here) : here_(&here) {}
  std::optional<std::string> find_download(const std::string& directory, std::string_view inside) const;

  const Surroundings* here_;
  std::optional<std::string> root_;  // of the workspace, there
};

/// Fails as find() does, and when sources are missing, naming them.
Result<UnitGraph> relocate(UnitGraph graph, const Surroundings& here);

/// Fails when the source that a unit begins with is not there, naming some.
Result<void> require_sources(const UnitGraph& graph, const FileSystem& files);

/// An error that names some of what is missing.
Error missing_files(std::string what, const std::set<std::string>& missing);

}  // namespace pcargo::cargo
