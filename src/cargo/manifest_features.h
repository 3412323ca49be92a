// SPDX-License-Identifier: MIT OR Apache-2.0
// Which features a manifest declares (cargo 1.95: core/summary.rs, build_feature_map).
#pragma once

#include "base/result.h"
#include "cargo/toml_value.h"

#include <string>
#include <vector>

namespace pcargo::cargo {

/// Sorted. An optional dependency declares a feature of its name, unless some feature names it as `dep:name`.
/// Nothing is inherited here: `optional` is never a workspace's word.
Result<std::vector<std::string>> declared_features(const TomlValue& manifest);

}  // namespace pcargo::cargo
