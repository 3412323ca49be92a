// SPDX-License-Identifier: MIT OR Apache-2.0
// Clears the build directory of units that nobody wanted for a long time: those of dependencies that were updated, of
// profiles and targets that are not built any more. A unit is in use as long as some build meets it; its record's mtime
// tells when that was, to a day. Final files are the user's and stay.
#pragma once

#include <cstdint>
#include <string>

namespace pcargo::freshness {

struct SweepLimits {
  std::int64_t unused_days = 28;                  ///< what no build met for so long goes
  std::uint64_t bytes = std::uint64_t{64} << 30;  ///< beyond it the longest unused go, but nothing that was met today
};

struct Swept {
  std::uint64_t units = 0;
  std::uint64_t files_without_unit = 0;

  bool operator==(const Swept&) const = default;
};

/// Notes at the record that a build met its unit. One system call, and a second one a day.
void mark_as_used(const std::string& record_path, std::int64_t now_ns);

/// Once a day; otherwise nothing is done and nothing is read. Call it with the build directory's lock held and nothing
/// running. `now_ns`: since the epoch. Trouble with one file is passed over: it is still there tomorrow.
Swept sweep(const std::string& build_directory, const SweepLimits& limits, std::int64_t now_ns);

}  // namespace pcargo::freshness
