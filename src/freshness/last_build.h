// SPDX-License-Identifier: MIT OR Apache-2.0
// What became of each unit in the last build that ran any, and why: what `pcargo why` answers from. One small file in
// the build directory, replaced by rename; whatever is short, damaged, foreign or of another epoch reads as absent.
#pragma once

#include "base/milestone.h"
#include "base/result.h"
#include "freshness/cause.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::freshness {

struct LastBuild {
  enum class State : std::uint8_t {
    kNotReached,  ///< the build ended before
    kFresh,
    kRan,
    kFailed,
    kStopped,  ///< by an interrupt, while it ran
  };
  struct Unit {
    std::string package;
    std::string version;
    std::string target;    ///< its name
    std::string what;      ///< as users see it: `lib`, `bin "x"`, `build script run`
    std::string identity;  ///< freshness/former.h
    std::string record;    ///< where its record lies
    State state = State::kNotReached;
    std::string unsettled;  ///< why it ran and left no record all the same; empty: it left one
    Cause cause;            ///< unless fresh or not reached; `source` is a position in `units`

    bool operator==(const Unit&) const = default;
  };

  std::string command;  ///< as it was typed
  std::string workspace_root;
  std::int64_t ended_at = 0;  ///< seconds since 1970
  Outcome outcome = Outcome::kSuccess;
  std::vector<Unit> units;

  bool operator==(const LastBuild&) const = default;
};

std::string encode_last_build(const LastBuild& build);
std::optional<LastBuild> decode_last_build(std::string_view bytes);

/// `directory`: the one with everything of ours below a build directory.
std::optional<LastBuild> read_last_build(const std::string& directory);
Result<void> write_last_build(const std::string& directory, const LastBuild& build);

}  // namespace pcargo::freshness
