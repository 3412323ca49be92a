// SPDX-License-Identifier: MIT OR Apache-2.0
// From a `[lints]` table to rustc's arguments (cargo 1.95: util/toml/mod.rs, lints_to_rustflags).
#pragma once

#include "base/result.h"
#include "cargo/toml_value.h"

#include <string>
#include <vector>

namespace pcargo::cargo {

/// `lints` maps tools to their lints; inheritance has been resolved.
Result<std::vector<std::string>> lint_flags(const TomlValue& lints);

}  // namespace pcargo::cargo
