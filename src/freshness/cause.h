// SPDX-License-Identifier: MIT OR Apache-2.0
// Why a unit must run: the first difference that was found, and its words. Never "something differs": each kind names
// the thing, and where a unit of the same build made the difference, that unit.
#pragma once

#include "base/ids.h"

#include <cstdint>
#include <optional>
#include <string>

namespace pcargo::freshness {

struct Cause {
  enum class Kind : std::uint8_t {
    kNeverBuilt,         ///< no record: a first build; no words in cargo
    kOtherSettings,      ///< no record, and something is not as in the last build: subject, in words
    kOtherDependency,    ///< no record, as `source`, of package `subject`, has none with its settings
    kLastRunFailed,      ///< so it left no record
    kLastRunStopped,     ///< by an interrupt
    kLastRunUnsettled,   ///< it ended well but left no record: subject, in words
    kRecordDamaged,      ///< there is one that is not whole
    kRecordOfOtherKind,  ///< there is one that another version of pcargo wrote
    kToolchainChanged,   ///< subject: what of it; before, after
    kArgumentsChanged,   ///< before, after: the first flag that differs, either may be absent
    kVariableChanged,    ///< subject: name; before, after: nullopt if unset
    kDirectoryChanged,   ///< of the compiler: before, after
    kDependencyAdded,    ///< subject: its name
    kDependencyRemoved,  ///< subject: its name
    kDependencyUnknown,  ///< of something below it nobody knows what it made
    kDependencyChanged,  ///< subject: its name; not by a unit of this build: an earlier one made it
    kMetadataChanged,    ///< subject: package of `source`, which made other metadata
    kArtifactChanged,    ///< subject: package of `source`, which made another artifact
    kScriptCompiled,     ///< the build script of package `subject`, compiled by `source`, is another program
    kScriptChanged,      ///< what the build script of package `subject` said or made
    kInputChanged,       ///< subject: path of a file
    kInputTreeChanged,   ///< subject: path of a directory
    kInputAppeared,      ///< subject: path
    kInputMissing,       ///< subject: path
    kOutputMissing,      ///< subject: path
    kOutputChanged,      ///< subject: path; somebody else wrote it
    kOutputNotPlaced,    ///< subject: path of a final file that could not be put back
    kRecordRefused,      ///< what the record says of a build script's words cannot be understood any more
  };
  /// How an input or variable came to be looked at.
  enum class Asked : std::uint8_t {
    kByReading,        ///< the compiler said that it read it; or it was given
    kByDirective,      ///< a build script said so: rerun-if-changed, rerun-if-env-changed
    kForWholePackage,  ///< a build script said nothing: all files of its package count
  };
  Kind kind = Kind::kNeverBuilt;
  std::string subject = {};
  std::optional<std::string> before = {};
  std::optional<std::string> after = {};
  Asked asked = Asked::kByReading;
  std::optional<UnitId> source = {};  ///< the unit of this build that led to it: its cause is behind this one

  bool is_first_run() const { return kind <= Kind::kOtherDependency; }

  bool operator==(const Cause&) const = default;

  /// After "Dirty name v1.0.0: "; paths below `workspace_root` are shown relative to it.
  std::string describe(const std::string& workspace_root) const;
};

}  // namespace pcargo::freshness
