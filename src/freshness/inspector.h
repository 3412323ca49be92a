// SPDX-License-Identifier: MIT OR Apache-2.0
// Looks at inputs and outputs: what is there, and what is in it. Content decides; a stamp only saves reading a file
// again, and only when it is older than the look that it belongs to (R2: a change within the same tick of the clock
// leaves size and times as they were).
#pragma once

#include "base/digest.h"
#include "platform/file_stamp.h"

#include <cstdint>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pcargo::platform {
struct Tree;
}

namespace pcargo::freshness {

/// One look at one path. Two looks found the same thing when their digests are equal.
struct Look {
  /// Of a directory that could be walked, `ctime_ns` is the newest of all below it, and `size` sums up all their
  /// stamps.
  platform::FileStamp stamp;
  /// Of a file: its bytes and whether it may be executed. Of a directory: names, kinds and contents of all below it, in
  /// order. Of nothing, or of what cannot be read (a FIFO, a device, no permission): a fixed digest of its own for each
  /// such case, so that it differs from every content. What failed for a passing reason (too many open files, a disk
  /// error, more than `kMostEntries`) equals nothing, not even itself: nobody knows what is there.
  Digest digest;
  std::int64_t looked_at_ns = 0;  ///< the file clock just before the content was read
  /// An output that was put where it is by a link or a rename of ours, which moved its ctime and nothing else: when it
  /// was last written says its mtime.
  bool is_placed = false;

  bool is_there() const { return stamp.kind != FileKind::kNone; }
  bool operator==(const Look&) const = default;
};

/// What lies in a directory tree, one look at each entry: the sum tells that something changed, the entries which.
struct TreeLook {
  Digest digest;  ///< the same as look() finds: of all entries, and of the names of directories
  std::vector<std::pair<std::string, Look>> entries;  ///< by path relative to the root, sorted; directories not listed
  std::int64_t newest_ctime_ns = 0;                   ///< of the root and all below it, directories too

  bool operator==(const TreeLook&) const = default;
};

using TreeFilter = std::function<bool(const std::string& path, bool is_directory)>;

class Inspector {
 public:
  explicit Inspector(std::uint64_t most_entries = kMostEntries) : most_entries_(most_entries) {}

  /// What is built below `directory` is not at rest: a look at a directory that holds it equals nothing, and walks
  /// nothing.
  void never_rests(const std::string& directory);

  /// What is at `path` now. Reads the file unless `known`, or a look of this inspector's own, is an older look at the
  /// same stamp that can be trusted; then that look is the result. Symbolic links are followed. A directory is walked
  /// (no link below it is entered; a link is its text and the file behind it; a tree on another file system is not
  /// entered; at most `kMostEntries` entries, more is "cannot be read").
  Look look(const std::string& path, const Look* known = nullptr);

  /// An output that was just put at `path`. It is read, unless read_ahead() has and nobody wrote to it since.
  Look look_at_placed(const std::string& path);
  /// Begins to read the file at `written`, which will be put at `path`, on a thread of its own: what it holds is known
  /// when it is asked for. Does nothing if the file changed so shortly before that it could change again without a
  /// trace.
  void read_ahead(const std::string& path, const std::string& written);

  /// All files below `root`; `known`, by relative path, saves reading.
  /// What `takes` refuses (absolute paths) is as if it were not there.
  TreeLook look_at_tree(const std::string& root, const TreeLook* known = nullptr, const TreeFilter& takes = {});
  /// The same of files alone: a directory without any is as if it were not there, and when it changed does not count.
  TreeLook look_at_files(const std::string& root, const TreeLook* known, const TreeFilter& takes);

  /// How many files were read and hashed, and how many were looked at: for tests and for -v.
  struct Counts {
    std::uint64_t looks = 0;
    std::uint64_t hashed = 0;
  };
  const Counts& counts() const { return counts_; }

  static constexpr std::uint64_t kMostEntries = 1'000'000;

 private:
  /// What is being read: its look without a digest, and then what the file holds, unless it could not be read.
  struct Ahead {
    Look look;
    std::future<std::optional<Digest>> contents;
  };

  Look look_at(const std::string& path, platform::Links links, const Look* known);
  Look look_at_file(const std::string& path, platform::Links links, Look look);
  Look look_at_directory(const std::string& path, const Look* known, Look look);
  /// `own_ctime_ns`: of the root, if it counts.
  TreeLook sum_up(const std::string& root,
                  const platform::Tree& tree,
                  const TreeLook* known,
                  std::int64_t own_ctime_ns);

  std::uint64_t most_entries_;
  std::vector<std::string> restless_;
  std::unordered_map<std::string, Look> memo_;    ///< of files only
  std::unordered_map<std::string, Ahead> ahead_;  ///< by the path where each will be
  Counts counts_;
};

/// May the digest of this look stand for whatever has the same stamp? Not if the file changed so shortly before the
/// look that it could have changed again without a trace. Of an output of ours its mtime is believed: while the build
/// directory is locked nobody writes there and sets the time back in one tick of the clock.
bool can_be_trusted(const Look& look);

/// Did what is at a path that was not looked at before the run stay as it was while the run lasted? `started_ns`: the
/// file clock just before the run. Only ctime is believed: nobody can set it. What is not there has none and did not
/// change as far as anybody can tell.
bool changed_since(const Look& after, std::int64_t started_ns);
bool changed_since(const TreeLook& after, std::int64_t started_ns);

}  // namespace pcargo::freshness
