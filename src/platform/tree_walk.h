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

/// Of a path with the root: is it part of the tree? A directory is asked for before what is in it.
using TreeFilter = std::function<bool(const std::string& path, bool is_directory)>;

/// `root` may be a link to a directory. What `takes` refuses is left out.
Tree walk_tree(const std::string& root, std::uint64_t most_entries, const TreeFilter& takes = {});

}  // namespace pcargo::platform
