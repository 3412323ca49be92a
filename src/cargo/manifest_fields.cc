// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/manifest_fields.h"

#include <utility>

namespace pcargo::cargo {

Error wrong_type(const TomlValue& value, std::string_view key, std::string_view expected) {
  return {ErrorKind::kInput,
          std::string(key) + ": expected " + std::string(expected) + ", found " + std::string(kind_name(value.kind))};
}

Result<std::optional<std::string>> optional_string(const TomlValue* value, std::string_view key) {
  if (value == nullptr) {
    return std::optional<std::string>();
  }
  if (!value->is_string()) {
    return wrong_type(*value, key, "a string");
  }
  return std::optional<std::string>(value->string);
}

Result<std::optional<bool>> optional_boolean(const TomlValue* value, std::string_view key) {
  if (value == nullptr) {
    return std::optional<bool>();
  }
  if (!value->is_boolean()) {
    return wrong_type(*value, key, "a boolean");
  }
  return std::optional<bool>(value->boolean);
}

Result<std::vector<std::string>> strings(const TomlValue& value, std::string_view key) {
  if (!value.is_array()) {
    return wrong_type(value, key, "an array of strings");
  }
  std::vector<std::string> list;
  list.reserve(value.array.size());
  for (const TomlValue& element : value.array) {
    if (!element.is_string()) {
      return wrong_type(element, key, "an array of strings");
    }
    list.push_back(element.string);
  }
  return list;
}

Result<std::optional<std::vector<std::string>>> optional_strings(const TomlValue* value, std::string_view key) {
  if (value == nullptr) {
    return std::optional<std::vector<std::string>>();
  }
  PCARGO_ASSIGN(auto list, strings(*value, key));
  return std::optional<std::vector<std::string>>(std::move(list));
}

}  // namespace pcargo::cargo
