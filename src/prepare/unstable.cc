// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/unstable.h"

#include "prepare/planner.h"

#include <algorithm>
#include <array>

namespace pcargo::prepare {
namespace {

constexpr const char* kChannelOverride = "__CARGO_TEST_CHANNEL_OVERRIDE_DO_NOT_USE_THIS";
constexpr std::string_view kUnstablePrefix = "CARGO_UNSTABLE_";

// core/features.rs: entries of `cargo-features` that became stable; cargo warns of them on every channel.
constexpr std::array<std::string_view, 13> kStableFeatures = {
    "test-dummy-stable",
    "alternative-registries",
    "edition",
    "rename-dependency",
    "profile-overrides",
    "default-run",
    "named-profiles",
    "resolver",
    "strip",
    "rust-version",
    "edition2021",
    "workspace-inheritance",
    "edition2024",
};

}  // namespace

bool nightly_features_allowed(const Environment& environment, std::string_view version) {
  if (auto channel = environment.get(kChannelOverride)) {
    return *channel == "nightly" || *channel == "dev";
  }
  if (environment.get("RUSTC_BOOTSTRAP") == "1") {
    return true;
  }
  return version.find("-nightly") != std::string_view::npos || version.find("-dev") != std::string_view::npos;
}

bool may_hide_its_channel(std::string_view version_text) {
  return version_text.find('(') == std::string_view::npos ||
         version_text.find("(built from a source tarball)") != std::string_view::npos;
}

bool uses_unstable_features(const Environment& environment,
                            const std::vector<std::string>& arguments,
                            const cargo::ConfigValue* unstable_table) {
  bool in_environment = std::any_of(environment.begin(), environment.end(), [](const auto& variable) {
    return std::string_view(variable.first).substr(0, kUnstablePrefix.size()) == kUnstablePrefix;
  });
  return in_environment || environment.contains("CARGO_COMPLETE") || !option_values(arguments, "", 'Z').empty() ||
         (unstable_table != nullptr && !unstable_table->table.empty());
}

std::optional<std::string> refused_flag(const std::vector<std::string>& arguments, bool nightly_features_allowed) {
  const auto z_flags = option_values(arguments, "", 'Z');
  if (!z_flags.empty() && !nightly_features_allowed) {
    return "-Z";
  }
  if (std::find(z_flags.begin(), z_flags.end(), "unstable-options") != z_flags.end()) {
    return std::nullopt;
  }
  for (const char* option : {"--artifact-dir", "--print", "--output-format"}) {
    if (!option_values(arguments, option).empty()) {
      return option;
    }
  }
  for (const char* flag : {"--unit-graph", "--compile-time-deps"}) {
    if (has_flag(arguments, flag)) {
      return flag;
    }
  }
  return std::nullopt;
}

std::optional<std::vector<std::string>> neutralize_unstable_table(const cargo::ConfigValue* unstable_table) {
  std::vector<std::string> values;
  if (unstable_table == nullptr) {
    return values;
  }
  if (!unstable_table->is_table()) {
    return std::nullopt;
  }
  for (const auto& [key, value] : unstable_table->table) {
    bool is_plain_key =
        key.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == std::string::npos;
    if (value.kind != cargo::ConfigValue::Kind::kBoolean || !is_plain_key) {
      return std::nullopt;
    }
    if (value.boolean) {
      values.push_back("unstable." + key + "=false");
    }
  }
  return values;
}

std::optional<std::string> unstable_manifest_feature(const cargo::Package& package) {
  for (const std::string& feature : package.cargo_features) {
    if (std::find(kStableFeatures.begin(), kStableFeatures.end(), feature) == kStableFeatures.end()) {
      return feature;
    }
  }
  return std::nullopt;
}

}  // namespace pcargo::prepare
