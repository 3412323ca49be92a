// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/config_choice.h"

#include <algorithm>

namespace pcargo::prepare {

Error bad_value(const cargo::ConfigKey& key, const cargo::Definition& definition, std::string cause) {
  return Error{ErrorKind::kInput, std::move(cause)}.context("error in " + definition.describe() +
                                                            ": could not load config key `" + key.display() + "`");
}

std::string invalid_type(const cargo::ConfigValue& found, std::string_view expected) {
  std::string what;
  switch (found.kind) {
    case cargo::ConfigValue::Kind::kInteger:
      what = "integer `" + std::to_string(found.integer) + "`";
      break;
    case cargo::ConfigValue::Kind::kBoolean:
      what = found.boolean ? "boolean `true`" : "boolean `false`";
      break;
    case cargo::ConfigValue::Kind::kString:
      what = "string \"" + found.string + "\"";
      break;
    case cargo::ConfigValue::Kind::kList:
      what = "sequence";
      break;
    case cargo::ConfigValue::Kind::kTable:
      what = "map";
      break;
  }
  return "invalid type: " + what + ", expected " + std::string(expected);
}

Result<std::optional<std::string>> get_choice(const cargo::Config& config,
                                              const cargo::ConfigKey& key,
                                              const std::vector<std::string>& words) {
  PCARGO_ASSIGN(auto found, config.get_string(key));
  if (!found) {
    return std::optional<std::string>();
  }
  if (std::find(words.begin(), words.end(), found->value) == words.end()) {
    std::string all;
    for (const std::string& word : words) {
      all += (all.empty() ? "`" : ", `") + word + "`";
    }
    return bad_value(key,
                     found->definition,
                     "unknown variant `" + found->value + "`, expected " + (words.size() > 2 ? "one of " : "") + all);
  }
  return std::optional(std::move(found->value));
}

}  // namespace pcargo::prepare
