// SPDX-License-Identifier: MIT OR Apache-2.0
// The dep-info files (`.d`) that rustc writes, read as cargo reads them (cargo 1.95: fingerprint/dep_info.rs,
// parse_rustc_dep_info). Paths stay as written: relative ones are relative to rustc's working directory.
#pragma once

#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pcargo::cargo {

struct DepInfo {
  std::vector<std::string> files;  ///< prerequisites of the first rule, in order, each once
  /// `env!` and `option_env!`: the variable, and its value if it was set.
  std::vector<std::pair<std::string, std::optional<std::string>>> env;

  bool operator==(const DepInfo&) const = default;
};

Result<DepInfo> parse_dep_info(std::string_view contents);

}  // namespace pcargo::cargo
