// SPDX-License-Identifier: MIT OR Apache-2.0
// Typed access to the values of a manifest; a value of the wrong type is an error that names its key.
#pragma once

#include "base/result.h"
#include "cargo/toml_value.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::cargo {

/// Each takes a value that may be nullptr (absent) and the key to name in the error.
Result<std::optional<std::string>> optional_string(const TomlValue* value, std::string_view key);
Result<std::optional<bool>> optional_boolean(const TomlValue* value, std::string_view key);
Result<std::optional<std::vector<std::string>>> optional_strings(const TomlValue* value, std::string_view key);

Result<std::vector<std::string>> strings(const TomlValue& value, std::string_view key);

Error wrong_type(const TomlValue& value, std::string_view key, std::string_view expected);

}  // namespace pcargo::cargo
