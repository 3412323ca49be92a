// SPDX-License-Identifier: MIT OR Apache-2.0
// The names below a directory. Nothing is read but directories, no link is followed, no other file system is entered,
// and no directory is entered twice (a bind mount can put one below itself).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace pcargo::platform {

struct TreeEntry {
  enum class Kind : std::uint8_t { kDirectory, kNotEntered, kOther };

  std::string path;  ///< relative to the root
  Kind kind = Kind::kOther;
  int error = 0;              ///< of a directory that was not entered: why, as errno; EXDEV, ELOOP if we chose so
  std::int64_t ctime_ns = 0;  ///< of directories only
};

struct Tree {
  std::vector<TreeEntry> entries;  ///< sorted by path
  int error = 0;                   ///< errno if the root could not be listed; EOVERFLOW: more than `most_entries`
};

/// `root` may be a link to a directory. Directories that `enters` refuses (paths with `root`) are left out.
Tree walk_tree(const std::string& root,
               std::uint64_t most_entries,
               const std::function<bool(const std::string& directory)>& enters = {});

}  // namespace pcargo::platform
