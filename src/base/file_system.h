// SPDX-License-Identifier: MIT OR Apache-2.0
// The door to files for the rooms that read what Cargo reads. Real files: platform/real_file_system.h; tests:
// tests/support.
#pragma once

#include "base/result.h"

#include <optional>
#include <string>
#include <vector>

namespace pcargo {

enum class FileKind { kNone, kFile, kDirectory, kOther };

/// Paths are bytes. Symbolic links are followed. Absence is not an error.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  /// The whole contents; nullopt if there is no such file. Anything else that goes wrong is an error naming the path.
  virtual Result<std::optional<std::string>> read(const std::string& path) const = 0;

  virtual FileKind kind(const std::string& path) const = 0;

  /// Names of the entries (not paths), sorted; empty if there is no such directory.
  virtual std::vector<std::string> list(const std::string& directory) const = 0;
};

}  // namespace pcargo
