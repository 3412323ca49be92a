// SPDX-License-Identifier: MIT OR Apache-2.0
// A command that has nothing to do, answered from what the one before it left (freshness/standing.h): no plan, no
// record, no library is touched. One standing for a command, directory, environment and kind of screen; it lies beside
// the plans. PCARGO_PLAN_CACHE=verify: what it would have said is held against what the command finds.
#pragma once

#include "cli/hand_over.h"
#include "execute/driver.h"
#include "freshness/standing_list.h"
#include "prepare/prepare.h"

#include <chrono>
#include <optional>
#include <string>

namespace pcargo::cli {

class StandingAnswer {
 public:
  /// The session outlives it. Made before anything is read that a build goes by.
  explicit StandingAnswer(const Session& session);

  /// Says what the last build said, and gives the exit code, if there is nothing to do.
  std::optional<int> answer();

  /// Where a build that finds nothing to do lists what that rests on.
  freshness::StandingList& list() { return list_; }

  /// After a build that went well, while its directory is still locked. An error: verified, and not the same.
  /// `tells_time`: the last of what was said is how long it took.
  Result<void> build_ended(const prepare::Prepared& prepared,
                           const plan::BuildPlan& plan,
                           Transcript said,
                           bool tells_time);

 private:
  bool is_of_use() const;
  bool is_of_yesterday(const std::string& path) const;
  std::string file() const;
  std::optional<freshness::Standing> make_standing(const prepare::Prepared& prepared,
                                                   const plan::BuildPlan& plan,
                                                   freshness::Standing standing);
  std::chrono::nanoseconds elapsed() const { return std::chrono::steady_clock::now() - begin_; }
  bool clock_jumped() const;

  const Session& session_;
  std::chrono::steady_clock::time_point begin_;
  std::int64_t started_ns_;
  std::string directory_;
  bool verifies_;
  freshness::StandingList list_;
  std::optional<Transcript> foretold_;  ///< of a verified command: what would have been said without it
};

}  // namespace pcargo::cli
