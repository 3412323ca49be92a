// SPDX-License-Identifier: MIT OR Apache-2.0
// Finds, reads and merges config files and --config arguments (cargo 1.95: util/context/mod.rs, walk_tree to
// merge_cli_args). Knows no variables and no meaning of any key but `include`.
#pragma once

#include "base/environment.h"
#include "base/file_system.h"
#include "base/result.h"
#include "cargo/config.h"

#include <string>
#include <vector>

namespace pcargo::cargo {

struct LoadedConfig {
  ConfigValue root;
  std::vector<std::string> files = {};  ///< in the order in which they were read
  std::vector<std::string> warnings = {};
};

Result<LoadedConfig> load_config(const FileSystem& files, const Environment& environment, const ConfigSources& sources);

}  // namespace pcargo::cargo
