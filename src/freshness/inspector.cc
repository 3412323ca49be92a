// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/inspector.h"

#include "base/path.h"
#include "freshness/look_coding.h"
#include "platform/background.h"
#include "platform/parts_digest.h"
#include "platform/sha256.h"
#include "platform/tree_walk.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <string_view>

namespace pcargo::freshness {
namespace {

using platform::FileStamp;
using platform::Links;
using platform::Sha256;
using platform::TreeEntry;

/// Each kind of thing has its own first field: no content can pass for a thing of another kind.
Digest tagged(std::string_view tag, std::string_view value) {
  Sha256 hash;
  hash.update_field(tag);
  hash.update_field(value);
  return hash.finish();
}

Digest digest_of_file(const Digest& contents, const FileStamp& stamp) {
  return tagged(stamp.is_executable() ? "executable" : "file", bytes_of(contents));
}

/// Will the next look fail the same way unless somebody changes something?
bool is_lasting(int error) {
  constexpr int kLasting[] = {EACCES, EPERM, ELOOP, ENAMETOOLONG, EISDIR, EINVAL, ENXIO, EXDEV};
  return std::find(std::begin(kLasting), std::end(kLasting), error) != std::end(kLasting);
}

Digest digest_of_failure(int error, std::int64_t looked_at_ns) {
  if (error == ENOENT || error == ENOTDIR) {
    return tagged("nothing", "");
  }
  if (is_lasting(error)) {
    return tagged("unreadable", std::to_string(error));
  }
  static std::atomic<std::uint64_t> counter = 0;
  return tagged("unknown", std::to_string(looked_at_ns) + "-" + std::to_string(counter.fetch_add(1)));
}

/// May the digest of an earlier look stand for what has the stamp of this one?
bool is_believed(const Look& earlier, const Look& now) {
  return earlier.stamp == now.stamp && can_be_trusted(earlier);
}

/// The stamp of a directory gets what its tree's stamps add up to, and the newest ctime among them.
void add_stamps(const std::string& root, const platform::Tree& tree, FileStamp* total) {
  Sha256 hash;
  for (const TreeEntry& entry : tree.entries) {
    const std::string path = path::join(root, entry.path);
    ByteWriter one;
    const auto add = [&](const FileStamp& stamp) {
      write_stamp(one, stamp);
      total->ctime_ns = std::max(total->ctime_ns, stamp.ctime_ns);
    };
    one.text(entry.path);
    one.number(entry.error);
    const FileStamp own = platform::stamp_of(path, Links::kOfTheLinkItself);
    add(own);
    if (own.is_link()) {
      add(platform::stamp_of(path));  // who reads the tree reads the file behind it
    }
    hash.update_field(one.bytes());
  }
  const Digest digest = hash.finish();
  for (std::size_t i = 0; i < sizeof total->size; ++i) {
    total->size = total->size << 8U | digest.bytes[i];
  }
}

const Look* find(const TreeLook* tree, const std::string& path) {
  if (tree == nullptr) {
    return nullptr;
  }
  // If it is not sorted after all (a record may say anything), a miss only costs reading the file.
  const auto found = std::lower_bound(
      tree->entries.begin(), tree->entries.end(), path, [](const auto& entry, const std::string& wanted) {
        return entry.first < wanted;
      });
  return found != tree->entries.end() && found->first == path ? &found->second : nullptr;
}

}  // namespace

bool can_be_trusted(const Look& look) {
  // The clock that stamps files ticks every 10 ms at worst. A stamp in whole seconds may come from a file system that
  // knows nothing finer (FAT: two seconds).
  constexpr std::int64_t kSecond = 1'000'000'000;
  constexpr std::int64_t kTick = 20'000'000;
  const std::int64_t changed = look.is_placed ? look.stamp.mtime_ns : look.stamp.ctime_ns;
  const std::uint64_t doubtful_for = changed % kSecond == 0 ? 2 * kSecond : kTick;
  // Unsigned: a look out of a record may hold any number.
  const std::uint64_t age = static_cast<std::uint64_t>(look.looked_at_ns) - static_cast<std::uint64_t>(changed);
  return changed < look.looked_at_ns && age > doubtful_for;
}

bool changed_since(const Look& after, std::int64_t started_ns) {
  return after.is_there() && after.stamp.ctime_ns >= started_ns;
}

bool changed_since(const TreeLook& after, std::int64_t started_ns) {
  return after.newest_ctime_ns >= started_ns;
}

void Inspector::never_rests(const std::string& directory) {
  restless_.push_back(path::normalize(directory));
}

Look Inspector::look(const std::string& path, const Look* known) {
  return look_at(path, Links::kFollow, known);
}

Look Inspector::look_at(const std::string& path, Links links, const Look* known) {
  ++counts_.looks;
  Look look;
  int error = 0;
  look.looked_at_ns = platform::file_clock_ns();
  look.stamp = platform::stamp_of(path, links, &error);
  switch (look.stamp.kind) {
    case FileKind::kNone:
      look.digest = digest_of_failure(error, look.looked_at_ns);
      return look;
    case FileKind::kDirectory:
      return look_at_directory(path, known, look);
    case FileKind::kOther:
      if (const auto text = look.stamp.is_link() ? platform::link_text(path) : std::nullopt) {
        look.digest = tagged("link", *text);
      } else {
        look.digest = tagged("other", std::to_string(look.stamp.mode & ~07777U));
      }
      return look;
    case FileKind::kFile:
      break;
  }
  const auto remembered = memo_.find(path);
  if (remembered != memo_.end() && is_believed(remembered->second, look)) {
    return remembered->second;
  }
  look = known != nullptr && is_believed(*known, look) ? *known : look_at_file(path, links, look);
  memo_.insert_or_assign(path, look);
  return look;
}

void Inspector::read_ahead(const std::string& path, const std::string& written) {
  Ahead ahead;
  ahead.look.is_placed = true;
  ahead.look.looked_at_ns = platform::file_clock_ns();
  ahead.look.stamp = platform::stamp_of(written);
  auto file = platform::open_to_hash(written, Links::kFollow);
  if (!file || ahead.look.stamp.kind != FileKind::kFile || !can_be_trusted(ahead.look)) {
    return;
  }
  auto contents = platform::in_background([file = std::move(file)]() -> std::optional<Digest> {
    Digest digest;
    return platform::digest_of_parts(file, digest) == 0 ? std::optional(digest) : std::nullopt;
  });
  if (!contents) {
    return;
  }
  ahead.contents = *std::move(contents);
  ++counts_.hashed;
  ahead_.insert_or_assign(path, std::move(ahead));
}

Look Inspector::look_at_placed(const std::string& path) {
  if (auto found = ahead_.extract(path)) {
    auto& [look, contents] = found.mapped();
    const auto digest = contents.get();
    const FileStamp now = platform::stamp_of(path);
    look.stamp.ctime_ns = now.ctime_ns;
    if (digest && look.stamp == now && can_be_trusted(look)) {
      look.digest = digest_of_file(*digest, look.stamp);
      return look;
    }
  }
  Look look = this->look(path);
  look.is_placed = true;
  return look;
}

Look Inspector::look_at_file(const std::string& path, Links links, Look look) {
  constexpr int kMostAttempts = 3;
  for (int attempt = 1;; ++attempt) {
    Digest contents;
    ++counts_.hashed;
    const int error = platform::digest_of_parts(platform::open_to_hash(path, links), contents);
    look.digest = error == 0 ? digest_of_file(contents, look.stamp) : digest_of_failure(error, look.looked_at_ns);
    const std::int64_t now = platform::file_clock_ns();
    const FileStamp after = platform::stamp_of(path, links);
    // A file that never rests keeps the stamp from before the last reading: nothing has that one any more.
    if (error != 0 && error != ENOENT && !is_lasting(error)) {
      look.looked_at_ns = 0;  // never to be trusted: there is no content behind the stamp
      return look;
    }
    if (after == look.stamp || attempt == kMostAttempts || after.kind != FileKind::kFile) {
      return look;
    }
    look.looked_at_ns = now;
    look.stamp = after;
  }
}

Look Inspector::look_at_directory(const std::string& path, const Look* known, Look look) {
  const std::string absolute = path::normalize(path);
  if (std::any_of(
          restless_.begin(), restless_.end(), [&](const auto& busy) { return path::is_within(busy, absolute); })) {
    look.digest = digest_of_failure(EBUSY, look.looked_at_ns);
    return look;
  }
  const platform::Tree tree = platform::walk_tree(path, most_entries_);
  if (tree.error != 0) {
    look.digest = digest_of_failure(tree.error, look.looked_at_ns);
    return look;
  }
  add_stamps(path, tree, &look.stamp);
  if (known != nullptr && is_believed(*known, look)) {
    return *known;
  }
  // Stamps were taken before anything is read: what changes meanwhile has another one next time.
  look.digest = sum_up(path, tree, nullptr, 0).digest;
  return look;
}

TreeLook Inspector::look_at_tree(const std::string& root, const TreeLook* known, const TreeFilter& takes) {
  const platform::Tree tree = platform::walk_tree(root, most_entries_, takes);
  if (tree.error == ENOTDIR) {
    const Look file = look(root);
    return {file.digest, {}, file.stamp.ctime_ns};
  }
  if (tree.error != 0) {
    return {digest_of_failure(tree.error, platform::file_clock_ns()), {}, 0};
  }
  return sum_up(root, tree, known, platform::stamp_of(root).ctime_ns);
}

TreeLook Inspector::look_at_files(const std::string& root, const TreeLook* known, const TreeFilter& takes) {
  platform::Tree tree = platform::walk_tree(root, most_entries_, takes);
  if (tree.error != 0) {
    return {digest_of_failure(tree.error, platform::file_clock_ns()), {}, 0};
  }
  const auto is_directory = [](const TreeEntry& entry) { return entry.kind == TreeEntry::Kind::kDirectory; };
  tree.entries.erase(std::remove_if(tree.entries.begin(), tree.entries.end(), is_directory), tree.entries.end());
  return sum_up(root, tree, known, 0);
}

TreeLook Inspector::sum_up(const std::string& root,
                           const platform::Tree& tree,
                           const TreeLook* known,
                           std::int64_t own_ctime_ns) {
  TreeLook sum;
  sum.newest_ctime_ns = own_ctime_ns;
  Sha256 hash;
  hash.update_field("directory");
  for (const TreeEntry& entry : tree.entries) {
    hash.update_field(entry.path);
    std::int64_t ctime_ns = entry.ctime_ns;
    if (entry.kind == TreeEntry::Kind::kOther) {
      const std::string path = path::join(root, entry.path);
      Look look = look_at(path, Links::kOfTheLinkItself, find(known, entry.path));
      ctime_ns = look.stamp.ctime_ns;
      if (look.stamp.is_link()) {
        // Who reads the tree reads the file behind the link. A directory behind one may lead back here.
        const FileStamp behind = platform::stamp_of(path, Links::kFollow);
        if (behind.kind == FileKind::kFile) {
          Sha256 both;
          both.update_field(bytes_of(look.digest));
          both.update_field(bytes_of(look_at(path, Links::kFollow, nullptr).digest));
          look.digest = both.finish();
          ctime_ns = std::max(ctime_ns, behind.ctime_ns);
        }
      }
      hash.update_field(bytes_of(look.digest));
      sum.entries.emplace_back(entry.path, look);
    } else if (entry.kind == TreeEntry::Kind::kDirectory) {
      hash.update_field("directory");
    } else {
      hash.update_field(bytes_of(digest_of_failure(entry.error, platform::file_clock_ns())));
    }
    sum.newest_ctime_ns = std::max(sum.newest_ctime_ns, ctime_ns);
  }
  sum.digest = hash.finish();
  return sum;
}

}  // namespace pcargo::freshness
