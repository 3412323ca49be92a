// SPDX-License-Identifier: MIT OR Apache-2.0
// Where records lie: one file a unit, replaced by rename.
#pragma once

#include "base/result.h"
#include "freshness/cause.h"
#include "freshness/record.h"

#include <optional>
#include <string>

namespace pcargo::freshness {

class RecordStore {
 public:
  /// Nullopt when there is none that can be believed: missing, damaged, of another epoch, a directory, a FIFO.
  static std::optional<Record> read(const std::string& path);
  /// For a path where read() found nothing: none there, not whole, or of another epoch.
  static Cause::Kind why_absent(const std::string& path);
  /// With all directories above it.
  static Result<void> write(const std::string& path, const Record& record);
  /// It is no error if there is none; whatever else lies under the name goes too.
  static Result<void> remove(const std::string& path);
};

}  // namespace pcargo::freshness
