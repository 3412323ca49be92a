// SPDX-License-Identifier: MIT OR Apache-2.0
// The text of `--config KEY=VALUE` (cargo 1.95: util/context/mod.rs, toml_dotted_keys). Knows nothing of files.
#pragma once

#include "base/result.h"
#include "cargo/toml_value.h"

#include <string>

namespace pcargo::cargo {

/// One dotted key, `=`, and a value that is no inline table; no comments. Secrets are refused.
Result<TomlValue> parse_config_argument(const std::string& argument);

}  // namespace pcargo::cargo
