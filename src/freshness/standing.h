// SPDX-License-Identifier: MIT OR Apache-2.0
// The standing of the last build: every path on which "there is nothing to do" rests, with what was found there, and
// what was said. While all of it is found again, the next build needs neither plan nor records. Flat bytes, looked at
// where they lie. Never a source of truth: whatever is odd is as if there were no standing. Knows not how paths came in
// (freshness/standing_list.h), nor where the file lies.
#pragma once

#include "base/transcript.h"
#include "platform/file_stamp.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::freshness {

/// Raised whenever what is listed, or what is said of it, changes.
inline constexpr std::uint32_t kStandingEpoch = 1;

/// One path, and what of it has to be as it was.
struct StandingPath {
  enum class What : std::uint8_t {
    kNothing,     ///< nothing is there
    kKind,        ///< a file or a directory, whichever it was
    kStamp,       ///< the whole stamp of what is behind the path
    kEntryStamp,  ///< the same of the entry itself: a link's own
    kIdentity,    ///< the entry itself is the same one, whatever became of it: a directory on the way
  };
  What what = What::kStamp;
  std::string path;
  platform::FileStamp stamp = {};

  bool operator==(const StandingPath&) const = default;
};

struct Standing {
  std::string boot_id;  ///< after a power cut files may be older than their stamps say
  Transcript said;
  bool tells_time = false;  ///< behind all of it comes how long the command took
  std::vector<StandingPath> paths;
};

std::string encode_standing(const Standing& standing);

/// A standing as bytes, believed as bytes. They outlive it.
class StandingView {
 public:
  /// nullopt: short, damaged, foreign, of another epoch.
  static std::optional<StandingView> open(std::string_view bytes);

  const std::string& boot_id() const { return boot_id_; }
  const Transcript& said() const { return said_; }
  bool tells_time() const { return tells_time_; }
  std::uint64_t size() const { return count_; }
  StandingPath path(std::uint64_t number) const;

  /// Looks at every path.
  bool holds() const;

 private:
  std::string boot_id_;
  Transcript said_;
  bool tells_time_ = false;
  std::uint64_t count_ = 0;
  std::string_view entries_;
  std::string_view texts_;  ///< each ends with a zero byte
};

}  // namespace pcargo::freshness
