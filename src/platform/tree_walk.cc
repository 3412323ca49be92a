// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/tree_walk.h"

#include "base/path.h"
#include "platform/file_stamp.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <set>
#include <utility>

namespace pcargo::platform {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

Directory open_directory(const std::string& path, int flags) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC | flags);
  return Directory(descriptor < 0 ? nullptr : ::fdopendir(descriptor));
}

/// A list of directories to go and not recursion: depth costs no stack and one descriptor at a time.
class Walker {
 public:
  Walker(const std::string& root, std::uint64_t most_entries, const TreeFilter& takes)
      : root_(root), most_entries_(most_entries), takes_(takes) {}

  Tree walk();

 private:
  /// An errno, or 0.
  int list(const std::string& relative, int flags);
  void look_at_directory(TreeEntry& entry);
  bool is_refused(const TreeEntry& entry) const;

  const std::string& root_;
  std::uint64_t most_entries_;
  const TreeFilter& takes_;
  Tree tree_;
  std::uint64_t device_ = 0;
  std::set<std::uint64_t> entered_;       ///< inodes: all are on one device
  std::vector<std::size_t> directories_;  ///< positions in the tree, still to be listed
};

Tree Walker::walk() {
  const FileStamp stamp = stamp_of(root_, Links::kFollow, &tree_.error);
  if (tree_.error != 0) {
    return std::move(tree_);
  }
  device_ = stamp.device;
  entered_.insert(stamp.inode);
  tree_.error = list("", 0);
  while (tree_.error == 0 && !directories_.empty()) {
    const std::size_t next = directories_.back();
    directories_.pop_back();
    const int error = list(std::string(tree_.entries[next].path), O_NOFOLLOW);
    if (error == EOVERFLOW) {
      tree_.error = error;
    } else if (error != 0) {
      tree_.entries[next].kind = TreeEntry::Kind::kNotEntered;
      tree_.entries[next].error = error;
    }
  }
  if (tree_.error != 0) {
    tree_.entries.clear();
  }
  std::sort(tree_.entries.begin(), tree_.entries.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return std::move(tree_);
}

int Walker::list(const std::string& relative, int flags) {
  const Directory directory = open_directory(path::join(root_, relative), flags);
  if (!directory) {
    return errno;
  }
  errno = 0;
  for (; const dirent* found = ::readdir(directory.get()); errno = 0) {
    const std::string name = found->d_name;
    if (name == "." || name == "..") {
      continue;
    }
    if (tree_.entries.size() == most_entries_) {
      return EOVERFLOW;
    }
    TreeEntry entry{.path = relative.empty() ? name : relative + "/" + name};
    if (found->d_type == DT_DIR || found->d_type == DT_UNKNOWN) {
      look_at_directory(entry);
    }
    if (is_refused(entry)) {
      continue;
    }
    if (entry.kind == TreeEntry::Kind::kDirectory) {
      directories_.push_back(tree_.entries.size());
    }
    tree_.entries.push_back(std::move(entry));
  }
  return errno;
}

bool Walker::is_refused(const TreeEntry& entry) const {
  return takes_ && !takes_(path::join(root_, entry.path), entry.kind != TreeEntry::Kind::kOther);
}

void Walker::look_at_directory(TreeEntry& entry) {
  int error = 0;
  const FileStamp stamp = stamp_of(path::join(root_, entry.path), Links::kOfTheLinkItself, &error);
  if (stamp.kind != FileKind::kDirectory && error != ENAMETOOLONG) {
    return;
  }
  entry.ctime_ns = stamp.ctime_ns;
  if (error == 0 && stamp.device != device_) {
    error = EXDEV;
  } else if (error == 0 && !entered_.insert(stamp.inode).second) {
    error = ELOOP;
  }
  entry.error = error;
  entry.kind = error == 0 ? TreeEntry::Kind::kDirectory : TreeEntry::Kind::kNotEntered;
}

}  // namespace

Tree walk_tree(const std::string& root, std::uint64_t most_entries, const TreeFilter& takes) {
  return Walker(root, most_entries, takes).walk();
}

}  // namespace pcargo::platform
