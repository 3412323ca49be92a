// SPDX-License-Identifier: MIT OR Apache-2.0
// Looks at inputs and outputs: what is there, and what is in it. Content decides; a stamp only saves reading a file
// again, and only when it is older than the look that it belongs to (R2: a change within the same tick of the clock
// leaves size and times as they were).
#pragma once

#include "base/digest.h"
#include "platform/file_stamp.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace pcargo::freshness {

/// One look at one path. Two looks found the same thing when their digests are equal.
struct Look {
  platform::FileStamp stamp;
  /// Of a file: its bytes and whether it may be executed. Of a directory: names, kinds and contents of all below it, in
  /// order. Of nothing, or of what cannot be read (a FIFO, a device, no permission): a fixed digest of its own for each
  /// such case, so that it differs from every content.
  Digest digest;
  std::int64_t looked_at_ns = 0;  ///< the file clock just before the look

  bool is_there() const { return stamp.kind != FileKind::kNone; }
  bool operator==(const Look&) const = default;
};

/// What lies in a directory tree, one look at each entry: the sum tells that something changed, the entries which.
struct TreeLook {
  Digest digest;                                        ///< of all entries
  std::vector<std::pair<std::string, Look>> entries;    ///< by path relative to the root, sorted; directories not listed

  bool operator==(const TreeLook&) const = default;
};

class Inspector {
 public:
  /// What is at `path` now. Reads the file unless `known`, or a look of this inspector's own, is an older look at the
  /// same stamp that can be trusted. Symbolic links are followed. A directory is walked (no link below it is followed;
  /// a link's text is its content; a tree on another file system is not entered; at most `kMostEntries` entries, more is
  /// "cannot be read").
  Look look(const std::string& path, const Look* known = nullptr);

  /// All files below `root`; `known`, by relative path, saves reading.
  /// Directories that `enters` refuses (absolute paths) are as if they were not there.
  TreeLook look_at_tree(const std::string& root,
                        const TreeLook* known = nullptr,
                        const std::function<bool(const std::string& directory)>& enters = {});

  /// How many files were read and hashed, and how many were looked at: for tests and for -v.
  struct Counts {
    std::uint64_t looks = 0;
    std::uint64_t hashed = 0;
  };
  const Counts& counts() const { return counts_; }

  static constexpr std::uint64_t kMostEntries = 1'000'000;

 private:
  std::map<std::string, Look> memo_;
  Counts counts_;
};

/// Did what is at a path that was not looked at before the run stay as it was while the run lasted? `started_ns`: the
/// file clock just before the run. Only ctime is believed: nobody can set it.
bool changed_since(const Look& after, std::int64_t started_ns);

}  // namespace pcargo::freshness
