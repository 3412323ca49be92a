// SPDX-License-Identifier: MIT OR Apache-2.0
// Values of config that are one of several words or types, and cargo's errors about others. Pure.
#pragma once

#include "base/result.h"
#include "cargo/config.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::prepare {

/// `error in <place>: could not load config key `<key>``, with what is wrong as its cause.
Error bad_value(const cargo::ConfigKey& key, const cargo::Definition& definition, std::string cause);

/// "invalid type: boolean `true`, expected an integer or string"
std::string invalid_type(const cargo::ConfigValue& found, std::string_view expected);

/// One of `words`, or nullopt if it is set nowhere.
Result<std::optional<std::string>> get_choice(const cargo::Config& config,
                                              const cargo::ConfigKey& key,
                                              const std::vector<std::string>& words);

}  // namespace pcargo::prepare
