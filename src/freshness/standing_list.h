// SPDX-License-Identifier: MIT OR Apache-2.0
// Collects, while a build finds that there is nothing to do, what that rests on, and at its end makes a standing of it.
// One look at each path, after everything was read: what did not change since before the start (ctime: nobody can set
// it) is what was read. Where the build has looked itself, both looks must agree. Any doubt: no standing.
#pragma once

#include "freshness/inspector.h"
#include "freshness/standing.h"
#include "plan/build_plan.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace pcargo::freshness {

struct Record;

class StandingList {
 public:
  /// `started_ns`: the file clock before anything was read.
  explicit StandingList(std::int64_t started_ns) : started_ns_(started_ns) {}

  /// What is behind `path`; `found` where it was looked at: kNone if nothing was there.
  void add(const std::string& path, const std::optional<platform::FileStamp>& found = {});
  /// Only whether it is a file or a directory.
  void add_kind(const std::string& path, const std::optional<FileKind>& found = {});
  /// Names and kinds of a directory's entries.
  void add_names(const std::string& directory);
  /// All below `root`, but for directories that `enters` refuses (absolute paths) because of a Cargo.toml or for ever.
  void add_tree(const std::string& root, const std::function<bool(const std::string& directory)>& enters = {});
  /// The entry `placed` is the same file as `made`.
  void add_placed(const std::string& placed, const std::string& made);
  /// A variable that a unit said it reads.
  void add_variable(const std::string& name) { variables_.insert(name); }
  /// What this build has just put at `path` by rename: new by its stamp, and old by what it says.
  void add_written(const std::string& path);
  /// A unit that was found fresh by this record, which has a place of its own in the list; `enters`: which directories
  /// of its package count.
  void add_unit(const plan::BuildPlan& plan,
                UnitId unit,
                const Record& record,
                const std::function<bool(const std::string& directory)>& enters);

  /// Below it nothing changes by contract: which directories paths there lead through is not listed.
  void trust_below(std::string directory) { trusted_ = std::move(directory); }

  /// Something is beyond listing.
  void refuse() { refused_ = true; }
  /// A unit must run.
  void something_ran() { ran_ = true; }
  bool has_run() const { return ran_; }
  const std::set<std::string>& variables() const { return variables_; }

  /// nullopt: not to be kept.
  std::optional<std::vector<StandingPath>> settle() const;

 private:
  enum class Aspect : std::uint8_t { kBehind, kEntry, kKind, kWritten };
  using Found = std::optional<platform::FileStamp>;

  void add(const std::string& path, Aspect aspect, const Found& found);
  std::optional<StandingPath> settle(const std::string& path, Aspect aspect, const Found& found) const;
  bool rested(const platform::FileStamp& stamp) const;
  bool directory_rested(const std::string& path) const;
  bool add_way(const std::string& path, std::set<std::string>* seen, std::vector<StandingPath>* ways) const;

  std::int64_t started_ns_;
  std::string trusted_;  // empty: nothing
  bool refused_ = false;
  bool ran_ = false;
  std::map<std::pair<std::string, Aspect>, Found> wanted_;
  std::set<std::string> variables_;
};

}  // namespace pcargo::freshness
