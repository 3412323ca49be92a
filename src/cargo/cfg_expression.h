// SPDX-License-Identifier: MIT OR Apache-2.0
// Expressions such as `cfg(all(unix, not(target_os = "macos")))` (cargo 1.95: crate cargo-platform). Pure.
#pragma once

#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pcargo::cargo {

/// What holds for a target: ("unix", nullopt), ("target_os", "linux").
using CfgSet = std::vector<std::pair<std::string, std::optional<std::string>>>;

class CfgExpression {
 public:
  /// Without the surrounding `cfg(` and `)`. Errors are cargo's.
  static Result<CfgExpression> parse(std::string_view text);

  bool matches(const CfgSet& cfg) const;

 private:
  friend class CfgParser;
  enum class Kind { kNot, kAll, kAny, kValue, kTrue, kFalse };

  Kind kind_ = Kind::kTrue;
  std::vector<CfgExpression> operands_;  ///< of kNot (one), kAll and kAny
  std::string name_;                     ///< of kValue
  std::optional<std::string> value_;     ///< of kValue
};

/// Does a key of the form `cfg(...)` hold? Other keys, and expressions that are wrong, do not.
bool cfg_key_matches(std::string_view key, const CfgSet& cfg);

}  // namespace pcargo::cargo
