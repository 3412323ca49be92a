// SPDX-License-Identifier: MIT OR Apache-2.0
// Manifests as parsed TOML, each read once, and the way from a package to the root of its workspace.
#pragma once

#include "base/file_system.h"
#include "base/result.h"
#include "cargo/toml_value.h"

#include <map>
#include <memory>
#include <string>

namespace pcargo::cargo {

/// One Cargo.toml as it is written; nothing inherited.
struct ManifestFile {
  std::string path;  ///< absolute
  std::string root;  ///< its directory
  TomlValue toml;

  /// The `[package]` table, under its old name `[project]` too; nullptr in a virtual manifest.
  const TomlValue* package() const;
};

class ManifestStore {
 public:
  /// `files` must outlive the store. The search for a workspace root does not go above `cargo_home`.
  ManifestStore(const FileSystem& files, std::string cargo_home) : files_(files), cargo_home_(std::move(cargo_home)) {}

  /// nullptr if there is no such file. The result lives until it is forgotten.
  Result<const ManifestFile*> find(const std::string& path);

  /// Like find; a missing file is an error.
  Result<const ManifestFile*> load(const std::string& path);

  /// The manifest whose `[workspace]` this one inherits from, itself perhaps: by `package.workspace`, or the nearest
  /// one upwards that does not exclude it.
  Result<const ManifestFile*> workspace_root_of(const ManifestFile& manifest);

  /// Lets go of a manifest that has been used, unless others may inherit from it: of thousands, few are seen again.
  void forget(const ManifestFile& manifest);

  const FileSystem& files() const { return files_; }

 private:
  Result<const ManifestFile*> search_upwards(const ManifestFile& manifest);

  const FileSystem& files_;
  std::string cargo_home_;
  std::map<std::string, std::unique_ptr<ManifestFile>> manifests_;  // null: no such file
};

}  // namespace pcargo::cargo
