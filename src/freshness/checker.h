// SPDX-License-Identifier: MIT OR Apache-2.0
// Decides whether a unit's results of an earlier build still hold, and keeps the records that say so. A unit's life
// here: check() when all that it waits for is known; then either it is fresh, or begin() before its process starts and
// commit() after it ended well. Between begin() and commit() it has no record: whoever dies there has built nothing.
#pragma once

#include "base/result.h"
#include "freshness/cause.h"
#include "freshness/former.h"
#include "freshness/given.h"
#include "freshness/inspector.h"
#include "freshness/record.h"
#include "freshness/results.h"
#include "freshness/standing_list.h"
#include "freshness/toolchain_watch.h"
#include "plan/build_plan.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pcargo::freshness {

/// What a unit said is kept to be said again. One that says more than this runs again instead.
inline constexpr std::size_t kMostMessageBytes = std::size_t{16} << 20;

class Checker {
 public:
  /// The plan and `scripts`, which the driver fills, outlive the checker. `boot_id`: platform::boot_id().
  Checker(const plan::BuildPlan& plan, const plan::ScriptOutputs& scripts, std::string boot_id);

  /// From here on, what a unit's being fresh rests on is listed, and refused when one must run. Outlives the checker.
  void list_in(StandingList* standing) { standing_ = standing; }

  enum class Verdict {
    kFresh,
    kMustRun,    ///< for the reason in cause()
    kUndecided,  ///< it links, and only what it links, which is not there yet, can tell
  };
  struct Finding {
    Verdict verdict = Verdict::kMustRun;
    std::optional<Record> record;  ///< of the run that still holds, with what it said
  };
  Finding check(UnitId unit);
  /// Of a unit that check() found to be dirty.
  const Cause& cause(UnitId unit) const;
  /// A record that check() gave is of no use after all: the unit must run, for this reason.
  void reject(UnitId unit, Cause cause);

  /// Takes the record away: from here on the unit is not done.
  Result<void> begin(UnitId unit);

  /// Of a unit that was committed and got no record: why not.
  const std::map<UnitId, Cause>& unsettled() const { return unsettled_; }

  /// Its .rmeta is whole; dependents may be checked.
  void metadata_ready(UnitId unit);

  /// An output that will be at `path` is whole at `written`, and its unit is not over yet: the time to read it.
  void read_ahead(const std::string& path, const std::string& written) { inspector_.read_ahead(path, written); }

  /// Fails if the compiler is another one now than when the plan was made.
  Result<void> confirm_toolchain() const;

  /// The run ended well and left `outputs`. The record is written last, and not at all if an input moved while the unit
  /// ran, or without `messages`: the unit said more than anybody keeps. A failure to write it costs another run next
  /// time, no more. An error: the unit's metadata is not what it was when it was announced, and units that were built
  /// with it were built with something else.
  Result<void> commit_compile(UnitId unit,
                              const std::vector<plan::OutputFile>& outputs,
                              std::optional<std::vector<Message>> messages);
  /// `said`: all of its stdout, of which `output` was made.
  void commit_script(UnitId unit, const cargo::BuildScriptOutput& output, std::string said);

 private:
  struct Attempt {
    Cause cause;
    std::optional<Given> given;
    std::vector<PathLook> before;  ///< inputs that the record named, as they were at the check
    std::optional<TreeLook> package_before;
    std::int64_t started_ns = 0;  ///< by the file clock, at begin()
  };

  plan::Invocation invocation(UnitId unit) const;
  void list_in_standing(UnitId unit, const Record& record, bool is_renewed);
  std::optional<Cause> find_cause(UnitId unit, Record* record, Attempt* attempt);
  /// Of one that was started before all that it links was there: it is now. False: what it had read then is another.
  bool complete_given(UnitId unit, Attempt* attempt);
  std::optional<Cause> look_at_inputs(UnitId unit, const Record& record, Attempt* attempt);
  /// The record gets the stamps of now, so that what was only touched is not read again by the next build.
  std::optional<Cause> look_at_outputs(UnitId unit, Record* record);
  std::optional<Cause> look_at_package_inputs(UnitId unit, const Record& record, Attempt* attempt);
  Made made_by(UnitId unit, const Record& record) const;
  void publish(UnitId unit, const Record& record);

  /// The paths that the compiler named, but for those that cannot change or that `given` covers; nullopt: it is not
  /// known what was read.
  std::optional<std::vector<std::string>> sources(UnitId unit, Record* record) const;
  std::vector<std::string> script_inputs(UnitId unit, const cargo::BuildScriptOutput& output) const;
  bool is_immutable(UnitId unit, const std::string& path) const;
  TreeLook look_at_package(UnitId unit, const TreeLook* known);
  TreeLook look_again_at_package(UnitId unit, const TreeLook& known);
  TreeLook look_at_all_of_package(UnitId unit, const TreeLook* known);
  bool is_of_package(const std::string& path, bool is_directory) const;
  /// Did all of them stay as they were since the run began? Fills the record's inputs.
  bool settle_package(const Attempt& attempt, Record* record);
  bool settle_inputs(const Attempt& attempt, const std::vector<std::string>& paths, Record* record);
  /// The same of files that rustc found not to be there and that would be an error if they were.
  bool settle_rivals(const Attempt& attempt, const std::vector<std::string>& paths, Record* record);
  using LooksByPath = std::unordered_map<std::string_view, const Look*>;
  bool settle_input(const Attempt& attempt, const LooksByPath& before, const std::string& path, Record* record);
  /// Are the files that direct dependencies made for it still those of which `given` has the digests?
  bool settle_dependencies(UnitId unit);
  /// Why there will be no record; the first counts.
  bool unsettle(Cause::Kind kind, const std::string& path);
  void note_unsettled(UnitId unit);
  std::string record_path(UnitId unit) const;

  const plan::BuildPlan& plan_;
  const plan::ScriptOutputs& scripts_;
  std::string boot_id_;
  Inspector inspector_;
  Results results_;
  ToolchainWatch toolchain_;
  Former former_;
  std::optional<Cause> first_unsettled_;  // of the unit that is being committed
  std::map<UnitId, Cause> unsettled_;
  IdMap<UnitId, std::vector<platform::FileStamp>> made_;  ///< in the order of its outputs; those that are whole
  StandingList* standing_ = nullptr;
  std::map<UnitId, Attempt> attempts_;  // of units that must run, until they are done
};

}  // namespace pcargo::freshness
