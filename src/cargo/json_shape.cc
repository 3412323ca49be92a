// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/json_shape.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace pcargo::cargo::json_shape {

std::string describe(unsigned kinds) {
  static constexpr std::pair<unsigned, const char*> kNames[] = {
      {kBoolean, "true or false"},
      {kIndex, "a whole number"},
      {kString, "a string"},
      {kArray, "an array"},
      {kObject, "an object"},
      {kNull, "null"},
      {kNegative, "a negative number"},
      {kFraction, "a fraction"},
  };
  std::string text;
  for (const auto& [kind, name] : kNames) {
    if ((kinds & kind) != 0) {
      text += (text.empty() ? "" : " or ") + std::string(name);
    }
  }
  return text;
}

std::string json_text(const Scalar& value) {
  switch (value.kind) {
    case kString:
      return nlohmann::json(value.text).dump();
    case kNull:
      return "null";
    case kBoolean:
      return value.boolean ? "true" : "false";
    default:
      return value.text;
  }
}

}  // namespace pcargo::cargo::json_shape
