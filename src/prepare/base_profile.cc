// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/base_profile.h"

#include <optional>
#include <set>

namespace pcargo::prepare {

namespace {

/// A setting as text: numbers and booleans written out.
using Setting = std::optional<std::string>;

Setting in_manifest(const cargo::TomlValue& manifest, const std::string& profile, const char* key) {
  const auto* profiles = manifest.find("profile");
  const auto* table = profiles == nullptr ? nullptr : profiles->find(profile);
  const auto* value = table == nullptr ? nullptr : table->find(key);
  if (value == nullptr) {
    return std::nullopt;
  }
  switch (value->kind) {
    case cargo::TomlValue::Kind::kString:
      return value->string;
    case cargo::TomlValue::Kind::kInteger:
      return std::to_string(value->integer);
    case cargo::TomlValue::Kind::kBoolean:
      return value->boolean ? "true" : "false";
    default:
      return std::nullopt;
  }
}

Result<Setting> setting(const cargo::Config& config,
                        const cargo::TomlValue& manifest,
                        const std::string& profile,
                        const char* key) {
  const auto config_key = cargo::ConfigKey("profile").child(profile).child(key);
  PCARGO_ASSIGN(const auto configured, config.find_with_environment(config_key));
  if (!configured) {
    return in_manifest(manifest, profile, key);
  }
  switch (configured->kind) {
    case cargo::ConfigValue::Kind::kInteger:
      return Setting(std::to_string(configured->integer));
    case cargo::ConfigValue::Kind::kBoolean:
      return Setting(configured->boolean ? "true" : "false");
    default:
      return Setting(configured->string);
  }
}

std::string built_in_parent(const std::string& profile) {
  if (profile == "test") {
    return "dev";
  }
  return profile == "bench" ? "release" : "";
}

bool is_debuginfo(const std::string& value) {
  return value != "false" && value != "0" && value != "none";
}

}  // namespace

Result<BaseProfileValues> resolve_base_profile(const cargo::Config& config,
                                               const cargo::TomlValue& manifest,
                                               const std::string& name) {
  Setting opt_level;
  Setting debug;
  std::set<std::string> seen;
  std::string profile = name;
  // The planner has refused chains that end nowhere; `seen` keeps a graph from a file from going round for ever.
  while (profile != "dev" && profile != "release" && seen.insert(profile).second) {
    PCARGO_ASSIGN(const auto own_level, setting(config, manifest, profile, "opt-level"));
    PCARGO_ASSIGN(const auto own_debug, setting(config, manifest, profile, "debug"));
    PCARGO_ASSIGN(const auto parent, setting(config, manifest, profile, "inherits"));
    opt_level = opt_level ? opt_level : own_level;
    debug = debug ? debug : own_debug;
    profile = parent.value_or(built_in_parent(profile));
  }
  PCARGO_ASSIGN(const auto last_level, setting(config, manifest, profile, "opt-level"));
  PCARGO_ASSIGN(const auto last_debug, setting(config, manifest, profile, "debug"));
  const bool is_release = profile == "release";
  opt_level = opt_level ? opt_level : last_level;
  debug = debug ? debug : last_debug;
  return BaseProfileValues{opt_level.value_or(is_release ? "3" : "0"), debug ? is_debuginfo(*debug) : !is_release};
}

}  // namespace pcargo::prepare
