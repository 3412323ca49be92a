// SPDX-License-Identifier: MIT OR Apache-2.0
// The requested profile itself, without what overrides it for packages and build scripts: "Finished" describes it. The
// unit graph has only the values of units. (cargo 1.95: core/profiles.rs, base_profile)
#pragma once

#include "base/result.h"
#include "cargo/config.h"
#include "cargo/toml_value.h"

#include <string>

namespace pcargo::prepare {

struct BaseProfileValues {
  std::string opt_level = "0";
  bool has_debuginfo = true;
};

/// Config beats the manifest, a profile beats the one it inherits from; dev and release are where every chain ends.
Result<BaseProfileValues> resolve_base_profile(const cargo::Config& config,
                                               const cargo::TomlValue& manifest,
                                               const std::string& name);

}  // namespace pcargo::prepare
