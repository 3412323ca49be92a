// SPDX-License-Identifier: MIT OR Apache-2.0
// Why a unit must run: the first difference that was found, and its words for `-v`'s Dirty line.
#pragma once

#include <optional>
#include <string>

namespace pcargo::freshness {

struct Cause {
  enum class Kind {
    kNeverBuilt,         ///< no record that can be believed: no words, as in cargo
    kToolchainChanged,   ///< subject: what of it
    kArgumentsChanged,   ///< before, after: the first flag that differs, either may be absent
    kVariableChanged,    ///< subject: name; before, after: nullopt if unset
    kDirectoryChanged,   ///< of the compiler: before, after
    kDependencyChanged,  ///< subject: its name
    kScriptChanged,      ///< what the build script of package `subject` said or made
    kInputChanged,       ///< subject: path
    kInputMissing,       ///< subject: path
    kOutputMissing,      ///< subject: path
    kOutputChanged,      ///< subject: path; somebody else wrote it
  };
  Kind kind = Kind::kNeverBuilt;
  std::string subject = {};
  std::optional<std::string> before = {};
  std::optional<std::string> after = {};

  bool operator==(const Cause&) const = default;

  /// After "Dirty name v1.0.0: "; paths below `workspace_root` are shown relative to it.
  std::string describe(const std::string& workspace_root) const;
};

}  // namespace pcargo::freshness
