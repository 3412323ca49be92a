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

#include <string>

namespace pcargo::plan {

nlohmann::ordered_json packages_to_json(const IdMap<cargo::PackageId, cargo::Package>& packages);
/// In the order of the graph, which names them. An error names the place within `place`.
Result<IdMap<cargo::PackageId, cargo::Package>> packages_from_json(const nlohmann::ordered_json& json,
                                                                   const std::string& place,
                                                                   const cargo::UnitGraph& graph);

/// `inherited`: our own environment, from which the settings' one was made.
nlohmann::ordered_json settings_to_json(const Settings& settings, const Environment& inherited);
Result<Settings> settings_from_json(const nlohmann::ordered_json& json,
                                    const std::string& place,
                                    const Environment& inherited);

}  // namespace pcargo::plan
