// SPDX-License-Identifier: MIT OR Apache-2.0
// Where a build's files go (cargo 1.95: util/context/mod.rs, target_dir and custom_build_dir). Looks at no disk.
#pragma once

#include "base/result.h"
#include "cargo/config.h"

#include <functional>
#include <optional>
#include <string>

namespace pcargo::prepare {

struct DirectoryQuestion {
  const cargo::Config& config;
  std::optional<std::string> target_dir;  ///< --target-dir
  std::string workspace_root;             ///< absolute
  /// Resolves symbolic links; absent: paths stay as they are. One value of build.build-dir depends on it.
  std::function<std::string(const std::string&)> canonicalize = {};
};

/// --target-dir, CARGO_TARGET_DIR, build.target-dir, or `target` in the workspace. Absolute.
Result<std::string> target_directory(const DirectoryQuestion& question);

/// build.build-dir with its template variables put in, or the target directory.
Result<std::string> build_directory(const DirectoryQuestion& question);

/// Where pcargo keeps what is the user's and no build directory's: $PCARGO_HOME, $XDG_CACHE_HOME/pcargo or
/// ~/.cache/pcargo; empty without a home.
std::string own_directory(const Environment& environment, const std::string& current_directory);

/// What `{workspace-path-hash}` stands for: cargo's hash of the path of the workspace's manifest, "ab/cdef0123456789".
std::string workspace_path_hash(const std::string& manifest_path);

}  // namespace pcargo::prepare
