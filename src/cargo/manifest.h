// SPDX-License-Identifier: MIT OR Apache-2.0
// From one manifest to the Package it declares, with what it inherits from its workspace (cargo 1.95:
// util/toml/mod.rs).
#pragma once

#include "base/result.h"
#include "cargo/manifest_store.h"
#include "cargo/metadata_reader.h"
#include "cargo/package.h"

#include <string>

namespace pcargo::cargo {

/// `package.name` as written; empty if there is none.
std::string manifest_package_name(const ManifestFile& manifest);

/// `package.version`, inherited if the manifest says so; "0.0.0" if there is none.
Result<std::string> manifest_package_version(const ManifestFile& manifest, ManifestStore* store);

/// All of Package but `id`, `source` and `source_display`. `member`: what metadata says of it, nullptr for a package
/// that is no member of the workspace.
Result<Package> read_manifest(const ManifestFile& manifest, const WorkspaceMember* member, ManifestStore* store);

}  // namespace pcargo::cargo
