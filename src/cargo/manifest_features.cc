// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/manifest_features.h"

#include "cargo/manifest_fields.h"
#include "cargo/text.h"

#include <set>
#include <string_view>

namespace pcargo::cargo {
namespace {

void collect_optional(const TomlValue* dependencies, std::set<std::string>* names) {
  if (dependencies == nullptr) {
    return;
  }
  for (const auto& [name, dependency] : dependencies->table) {
    if (const TomlValue* optional = dependency.find("optional"); optional != nullptr && optional->is_true()) {
      names->insert(name);
    }
  }
}

const TomlValue* find_either(const TomlValue& table, std::string_view name, std::string_view old_name) {
  const TomlValue* value = table.find(name);
  return value != nullptr ? value : table.find(old_name);
}

void collect_optional_of_tables(const TomlValue& table, std::set<std::string>* names) {
  collect_optional(table.find("dependencies"), names);
  collect_optional(find_either(table, "dev-dependencies", "dev_dependencies"), names);
  collect_optional(find_either(table, "build-dependencies", "build_dependencies"), names);
}

}  // namespace

Result<std::vector<std::string>> declared_features(const TomlValue& manifest) {
  std::set<std::string> features;
  std::set<std::string> hidden;
  if (const TomlValue* table = manifest.find("features")) {
    for (const auto& [feature, list] : table->table) {
      features.insert(feature);
      PCARGO_ASSIGN(const auto values, strings(list, "features." + feature));
      for (const std::string& value : values) {
        // "dep:name/feature" is a feature of a dependency and hides nothing.
        const auto name = text::strip_prefix(value, "dep:");
        if (name && name->find('/') == std::string_view::npos) {
          hidden.emplace(*name);
        }
      }
    }
  }
  std::set<std::string> optional;
  collect_optional_of_tables(manifest, &optional);
  if (const TomlValue* targets = manifest.find("target")) {
    for (const auto& [platform, tables] : targets->table) {
      collect_optional_of_tables(tables, &optional);
    }
  }
  for (const std::string& name : optional) {
    if (hidden.count(name) == 0) {
      features.insert(name);
    }
  }
  return std::vector<std::string>(features.begin(), features.end());
}

}  // namespace pcargo::cargo
