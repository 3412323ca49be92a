// SPDX-License-Identifier: MIT OR Apache-2.0
// A parsed TOML document as plain values. Only toml_value.cc knows the parser library.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::cargo {

class TomlValue {
 public:
  enum class Kind { kString, kInteger, kFloat, kBoolean, kDateTime, kArray, kTable };
  using Array = std::vector<TomlValue>;
  using Table = std::map<std::string, TomlValue, std::less<>>;  ///< in ascending order of the keys' bytes

  Kind kind = Kind::kTable;
  std::string string;        ///< of kString
  std::int64_t integer = 0;  ///< of kInteger
  bool boolean = false;      ///< of kBoolean
  Array array;               ///< of kArray
  Table table;               ///< of kTable

  /// The value of `key`; nullptr if there is none or this is no table.
  const TomlValue* find(std::string_view key) const;

  bool is_string() const { return kind == Kind::kString; }
  bool is_table() const { return kind == Kind::kTable; }
  bool is_array() const { return kind == Kind::kArray; }
  bool is_boolean() const { return kind == Kind::kBoolean; }
  bool is_true() const { return is_boolean() && boolean; }
};

/// "a string", "an integer", ...
std::string_view kind_name(TomlValue::Kind kind);

/// The error's message is `line 3, column 8: ...`.
Result<TomlValue> parse_toml(std::string_view text);

}  // namespace pcargo::cargo
