// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/record_store.h"

#include "base/path.h"
#include "platform/files.h"

#include <cstdint>
#include <string>

namespace pcargo::freshness {

namespace {

// More than any unit says; less than what a damaged file system may claim.
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;

}  // namespace

std::optional<Record> RecordStore::read(const std::string& path) {
  const Result<std::string> bytes = platform::read_regular_file(path, kMostBytes);
  return bytes ? decode_record(*bytes) : std::nullopt;
}

Cause::Kind RecordStore::why_absent(const std::string& path) {
  if (platform::entry_kind(path) == FileKind::kNone) {
    return Cause::Kind::kNeverBuilt;
  }
  const Result<std::string> bytes = platform::read_regular_file(path, kMostBytes);
  return bytes && is_of_other_epoch(*bytes) ? Cause::Kind::kRecordOfOtherKind : Cause::Kind::kRecordDamaged;
}

Result<void> RecordStore::write(const std::string& path, const Record& record) {
  PCARGO_TRY(platform::create_directories(std::string(path::parent(path))));
  if (platform::entry_kind(path) != FileKind::kFile) {
    PCARGO_TRY(remove(path));  // a directory is not replaced by renaming
  }
  return platform::write_file_by_rename(path, encode_record(record));
}

Result<void> RecordStore::remove(const std::string& path) {
  const Result<platform::TreeSize> removed = platform::remove_tree(path);
  return removed ? Result<void>() : removed.error();
}

}  // namespace pcargo::freshness
