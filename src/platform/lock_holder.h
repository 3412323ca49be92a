// SPDX-License-Identifier: MIT OR Apache-2.0
// Who holds a lock, as it wrote into the locked file: a courtesy to those who wait. The kernel decides who holds it;
// nothing here does, because a pid is used again and a clock is changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pcargo::platform {

struct LockHolder {
  std::int64_t pid = 0;
  std::string host;
  std::int64_t since = 0;  ///< seconds since 1970
  std::string command;

  bool operator==(const LockHolder&) const = default;
};

/// This process, now.
LockHolder this_process(std::string command);

/// A line a field.
std::string to_text(const LockHolder& holder);

/// nullopt unless all fields are there. Anybody may have written the text: what is no plain character comes back as a
/// question mark, and nothing longer than a line takes.
std::optional<LockHolder> parse_lock_holder(std::string_view text);

}  // namespace pcargo::platform
