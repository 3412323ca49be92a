// SPDX-License-Identifier: MIT OR Apache-2.0
// Which targets a manifest declares and which lie where cargo looks for them (cargo 1.95: util/toml/targets.rs).
#pragma once

#include "base/file_system.h"
#include "base/result.h"
#include "cargo/manifest_store.h"
#include "cargo/package.h"

#include <string>
#include <vector>

namespace pcargo::cargo {

/// Library, binaries, examples, tests and benches, in this order; build scripts are not included.
Result<std::vector<ManifestTarget>> find_targets(const ManifestFile& manifest,
                                                 const std::string& package_name,
                                                 const std::string& edition,
                                                 const FileSystem& files);

/// The same for a member of the workspace: cargo has listed its targets, and no source is looked for again.
Result<std::vector<ManifestTarget>> adopt_targets(const ManifestFile& manifest, const std::vector<Target>& listed);

}  // namespace pcargo::cargo
