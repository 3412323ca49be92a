// SPDX-License-Identifier: MIT OR Apache-2.0
// The record of one unit that was done: what went in, what came out, what was said. Written last; a unit without a
// record was not done. Bytes with magic, format epoch, length and digest: whatever is short, damaged, foreign or of
// another epoch reads as absent.
#pragma once

#include "freshness/inspector.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::freshness {

/// Raised whenever what a record means changes: records of another epoch are absent.
inline constexpr std::uint32_t kRecordEpoch = 6;

/// One thing that the run was given, known before it starts. All fields equal, in order: the same run.
struct GivenField {
  enum class Kind : std::uint8_t {
    kToolchain,   ///< name: "rustc", "sysroot"
    kArgument,    ///< name: empty; in order
    kVariable,    ///< of the environment; an absent value is not listed
    kDirectory,   ///< the working directory
    kDependency,  ///< name: how the dependency is called to the user; value: digest of what rustc reads of it
    kLinked,      ///< the same of what is linked, beside what is read
    kScript,      ///< name: the package whose build script said or made it; value: digest
  };
  Kind kind = Kind::kArgument;
  std::string name;
  std::string value;

  bool operator==(const GivenField&) const = default;
};

/// A file or directory that the run read, known only afterwards (dep-info, rerun-if-changed), or that it made.
struct PathLook {
  std::string path;  ///< absolute
  Look look;

  bool operator==(const PathLook&) const = default;
};

/// A variable that the run said it read, and what it was: nullopt if unset.
struct VariableLook {
  std::string name;
  std::optional<std::string> value;

  bool operator==(const VariableLook&) const = default;
};

/// What is shown again when the unit is fresh.
struct Message {
  enum class Kind : std::uint8_t { kDiagnostic, kFutureIncompat, kStderrLine, kStdoutLine };
  Kind kind = Kind::kDiagnostic;
  std::string text;

  bool operator==(const Message&) const = default;
};

struct Record {
  /// When it was written, as the system counts starts: after a power cut files can have their size and stamp and not
  /// their bytes, so a look at what was made holds only until then.
  std::string boot_id;
  std::vector<GivenField> given;
  std::vector<PathLook> inputs;
  std::vector<VariableLook> variables;
  std::vector<PathLook> outputs;
  std::vector<Message> messages;
  // Of a build script's run:
  std::string script_stdout;
  std::optional<TreeLook> out_dir;
  std::optional<TreeLook> package;  ///< of a script that did not say what it reads: all files of its package

  bool operator==(const Record&) const = default;
};

std::string encode_record(const Record& record);

/// nullopt: not a record that can be believed.
std::optional<Record> decode_record(std::string_view bytes);

/// Of bytes that are no record to us: a pcargo with another kRecordEpoch wrote them, as far as their head tells.
bool is_of_other_epoch(std::string_view bytes);

}  // namespace pcargo::freshness
