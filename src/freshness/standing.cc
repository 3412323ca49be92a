// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/standing.h"

#include "base/byte_coding.h"
#include "base/quick_digest.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace pcargo::freshness {
namespace {

using What = StandingPath::What;
using platform::FileStamp;
using platform::Links;

constexpr std::string_view kMagic = "pcargo\x1aS";
constexpr std::size_t kDigestSize = sizeof(QuickDigest);

/// As it lies in the file, in this machine's own byte order: the file never leaves it.
struct Entry {
  std::uint64_t text = 0;  ///< where the path begins
  std::uint64_t size = 0;
  std::uint64_t inode = 0;
  std::uint64_t device = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint32_t mode = 0;
  std::uint8_t what = 0;
  std::uint8_t kind = 0;
  std::uint16_t together = 0;  ///< that many from here on, but not the one before, lie in one directory
};
static_assert(sizeof(Entry) == 56, "no padding: every byte is written");

FileStamp stamp_in(const Entry& entry) {
  return {.kind = static_cast<FileKind>(entry.kind),
          .mode = entry.mode,
          .size = entry.size,
          .inode = entry.inode,
          .device = entry.device,
          .mtime_ns = entry.mtime_ns,
          .ctime_ns = entry.ctime_ns};
}

Entry entry_of(const StandingPath& path, std::size_t text) {
  return {.text = text,
          .size = path.stamp.size,
          .inode = path.stamp.inode,
          .device = path.stamp.device,
          .mtime_ns = path.stamp.mtime_ns,
          .ctime_ns = path.stamp.ctime_ns,
          .mode = path.stamp.mode,
          .what = static_cast<std::uint8_t>(path.what),
          .kind = static_cast<std::uint8_t>(path.stamp.kind)};
}

Entry entry_at(std::string_view entries, std::uint64_t number) {
  Entry entry;
  std::memcpy(&entry, entries.data() + number * sizeof entry, sizeof entry);
  return entry;
}

bool is_sound(const Entry& entry, std::string_view texts) {
  return entry.text < texts.size() && entry.what <= static_cast<std::uint8_t>(What::kIdentity) &&
         entry.kind <= static_cast<std::uint8_t>(FileKind::kOther);
}

bool is_as_it_was(What what, const FileStamp& then, const platform::StampedDirectory& directory, const char* path) {
  const bool of_the_entry = what == What::kEntryStamp || what == What::kIdentity;
  int error = 0;
  const FileStamp now = directory.stamp_of(path, of_the_entry ? Links::kOfTheLinkItself : Links::kFollow, &error);
  switch (what) {
    case What::kNothing:
      return error == ENOENT || error == ENOTDIR;
    case What::kKind:
      return error == 0 && now.kind == then.kind;
    case What::kStamp:
    case What::kEntryStamp:
      return error == 0 && now == then;
    case What::kIdentity:
      return error == 0 && now.kind == then.kind && now.inode == then.inode && now.device == then.device;
  }
  return false;
}

/// Without the last name; of "a/b/" there is none, and the path stays whole.
std::string_view directory_of(std::string_view path) {
  return path.ends_with('/') ? path : path.substr(0, path.rfind('/'));
}

/// How many from `first` on lie in its directory.
std::uint16_t count_together(const std::vector<StandingPath>& paths, std::size_t first) {
  const std::string_view directory = directory_of(paths[first].path);
  std::size_t last = first + 1;
  while (last < paths.size() && last - first < UINT16_MAX && !paths[last].path.ends_with('/') &&
         directory_of(paths[last].path) == directory) {
    ++last;
  }
  return static_cast<std::uint16_t>(last - first);
}

std::string encode_entries(const std::vector<StandingPath>& paths, std::string* texts) {
  std::string entries;
  std::size_t next_group = 0;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    Entry entry = entry_of(paths[i], texts->size());
    if (i == next_group) {
      entry.together = count_together(paths, i);
      next_group += entry.together;
    }
    entries.append(reinterpret_cast<const char*>(&entry), sizeof entry);
    texts->append(paths[i].path).push_back('\0');
  }
  return entries;
}

}  // namespace

std::string encode_standing(const Standing& standing) {
  std::string texts;
  const std::string entries = encode_entries(standing.paths, &texts);
  ByteWriter rest;
  rest.text(standing.boot_id);
  rest.list(standing.said, [](ByteWriter& to, const Said& said) {
    to.number(static_cast<std::uint8_t>(said.where));
    to.text(said.text);
  });
  rest.number(std::uint8_t{standing.tells_time ? std::uint8_t{1} : std::uint8_t{0}});
  rest.number(std::uint64_t{standing.paths.size()});
  ByteWriter header;
  header.number(kStandingEpoch);
  header.number(std::uint64_t{rest.bytes().size() + entries.size() + texts.size()});
  std::string bytes(kMagic);
  bytes.append(header.bytes()).append(rest.bytes()).append(entries).append(texts);
  const QuickDigest digest = quick_digest(bytes);
  return bytes.append(reinterpret_cast<const char*>(digest.data()), digest.size());
}

std::optional<StandingView> StandingView::open(std::string_view bytes) {
  if (bytes.size() < kDigestSize) {
    return std::nullopt;
  }
  const std::string_view trailer = bytes.substr(bytes.size() - kDigestSize);
  bytes.remove_suffix(kDigestSize);
  ByteReader reader(bytes);
  std::uint32_t epoch = 0;
  std::uint64_t size = 0;
  const bool is_ours = reader.take(kMagic.size()) == kMagic;
  reader.number(epoch);
  reader.number(size);
  const std::size_t header_size = kMagic.size() + sizeof epoch + sizeof size;
  if (!is_ours || !reader.is_good() || epoch != kStandingEpoch || size != bytes.size() - header_size) {
    return std::nullopt;
  }
  const QuickDigest digest = quick_digest(bytes);
  if (std::memcmp(digest.data(), trailer.data(), digest.size()) != 0) {
    return std::nullopt;
  }
  StandingView view;
  reader.text(view.boot_id_);
  reader.list(view.said_, [](ByteReader& from, Said& said) {
    from.one_of(said.where, Said::Where::kStderr);
    from.text(said.text);
  });
  reader.one_of(view.tells_time_, true);
  reader.number(view.count_);
  if (!reader.is_good() || view.count_ > size / sizeof(Entry)) {
    return std::nullopt;
  }
  view.entries_ = reader.take(view.count_ * sizeof(Entry));
  view.texts_ = reader.rest();
  if (!reader.is_good() || (view.count_ > 0 && (view.texts_.empty() || view.texts_.back() != '\0'))) {
    return std::nullopt;
  }
  return view;
}

StandingPath StandingView::path(std::uint64_t number) const {
  const Entry entry = entry_at(entries_, number);
  return {static_cast<What>(entry.what), texts_.data() + entry.text, stamp_in(entry)};
}

bool StandingView::holds() const {
  // From here on opening a directory costs less than leading each path to it.
  constexpr std::uint16_t kFewest = 4;
  platform::StampedDirectory directory;
  std::size_t prefix = 0;
  for (std::uint64_t i = 0; i < count_; ++i) {
    const Entry entry = entry_at(entries_, i);
    if (!is_sound(entry, texts_)) {
      return false;
    }
    const char* path = texts_.data() + entry.text;
    if (entry.together > 0) {
      const std::string_view above = directory_of(path);
      directory = entry.together < kFewest || above.empty() || above == path
                      ? platform::StampedDirectory()
                      : platform::StampedDirectory(std::string(above));
      prefix = directory.is_open() ? above.size() + 1 : 0;
    }
    if (!is_as_it_was(static_cast<What>(entry.what), stamp_in(entry), directory, path + prefix)) {
      return false;
    }
  }
  return true;
}

}  // namespace pcargo::freshness
