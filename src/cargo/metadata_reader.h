// SPDX-License-Identifier: MIT OR Apache-2.0
// Reads the JSON of `cargo metadata --no-deps --format-version 1`: where things are and which packages are members.
// The text is input from outside: an error names the place, as in `packages[2].manifest_path: missing`.
#pragma once

#include "base/result.h"
#include "cargo/unit_graph.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::cargo {

struct WorkspaceMember {
  std::string id;  ///< the unit graph's pkg_id
  std::string name;
  std::string version;
  std::string manifest_path;    ///< absolute
  std::vector<Target> targets;  ///< cargo's own list, build scripts included
  std::optional<std::string> default_run;
};

struct WorkspaceMetadata {
  std::string workspace_root;
  std::string target_directory;
  std::optional<std::string> build_directory;  ///< older cargos do not say: the target directory then
  std::vector<WorkspaceMember> members;
  std::vector<std::string> default_members;  ///< ids

  const WorkspaceMember* find_member(std::string_view id) const;
};

Result<WorkspaceMetadata> read_metadata(std::string_view json);

}  // namespace pcargo::cargo
