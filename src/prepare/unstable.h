// SPDX-License-Identifier: MIT OR Apache-2.0
// What a cargo of the stable or beta channel refuses or ignores and the unlocked planning run would not (cargo 1.95:
// every use of nightly_features_allowed). Decides what to do about each; pure.
#pragma once

#include "base/environment.h"
#include "cargo/config_value.h"
#include "cargo/package.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pcargo::prepare {

/// Does this cargo allow unstable features by itself? `version` is the second word of `cargo -V`.
bool nightly_features_allowed(const Environment& environment, std::string_view version);

/// All that `cargo -V` says of a cargo that Rust's own builds have not made: it may be a development version to itself,
/// and not say so.
bool may_hide_its_channel(std::string_view version_text);

/// Is there anything that depends on the answer? Else the version need not be waited for.
bool uses_unstable_features(const Environment& environment,
                            const std::vector<std::string>& arguments,
                            const cargo::ConfigValue* unstable_table);

/// A flag that plain cargo would refuse and the planning run would not: the command is plain cargo's, which has the
/// words for it. On every channel that is a flag that wants `-Z unstable-options` and does not have it.
std::optional<std::string> refused_flag(const std::vector<std::string>& arguments, bool nightly_features_allowed);

/// The table `[unstable]` from config files and `--config`, which stable cargo ignores: values of `--config` that
/// switch its entries off again. nullopt: some entry cannot be switched off.
std::optional<std::vector<std::string>> neutralize_unstable_table(const cargo::ConfigValue* unstable_table);

/// The first unstable entry of `cargo-features` in a package that this build uses.
std::optional<std::string> unstable_manifest_feature(const cargo::Package& package);

}  // namespace pcargo::prepare
