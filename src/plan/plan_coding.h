// SPDX-License-Identifier: MIT OR Apache-2.0
// Packages and settings as JSON and back, field by field under their own names: what a plan is made from besides the
// unit graph. Of the environment only what planning made of the inherited one is written, never the whole: it holds
// secrets.
#pragma once

#include "base/environment.h"
#include "base/result.h"
#include "cargo/package.h"
#include "plan/settings.h"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace pcargo::plan {

nlohmann::ordered_json packages_to_json(const IdMap<cargo::PackageId, cargo::Package>& packages);
/// In the order of the graph, which names them. An error names the place within `place`.
Result<IdMap<cargo::PackageId, cargo::Package>> packages_from_json(const nlohmann::ordered_json& json,
                                                                   const std::string& place,
                                                                   const cargo::UnitGraph& graph);

/// What planning made of the environment that it inherited, and what commands are made with whoever set it; nullopt:
/// the variable is not there.
using EnvironmentChanges = std::map<std::string, std::optional<std::string>>;
EnvironmentChanges environment_changes(const Settings& settings, const Environment& inherited);
Environment changed(Environment environment, const EnvironmentChanges& changes);

/// Without the environment itself.
nlohmann::ordered_json settings_to_json(const Settings& settings, const EnvironmentChanges& changes);
Result<std::pair<Settings, EnvironmentChanges>> settings_from_json(const nlohmann::ordered_json& json,
                                                                   const std::string& place);

}  // namespace pcargo::plan
