// SPDX-License-Identifier: MIT OR Apache-2.0
// Writes down a build while it goes: one line of JSON for each thing that happens, each written at once, so that a kill
// loses nothing that had happened. Format 1:
//
//   {"pcargo":"journal","format":1,"version":..,"command":..,"workspace":..,"rustc":..,"profile":..,"processor":..,
//    "began_at_ms":1790000000000,"planned_us":..,"lock_begin_us":..,"lock_us":..,"memory_bytes":..,
//    "memory_limit_bytes":..,"jobs":..,"cores":..}
//   {"units":[{"package":..,"version":..,"target":..,"kind":..,"mode":..,"platform":..,"member":true,"lto":"thin|fat",
//              "phases":"whole|pipelined|linking","threads":..,"after":[[0,"metadata"],[1,"artifact"]],
//              "expected_us":[..,..,..],"expected_from":"unit|crate|prior"},...]}
//   {"us":12,"unit":0,"is":"fresh"}                      nothing to do
//   {"us":12,"unit":3,"is":"started","why":".."}         it has its slot; "held":true: it waited for memory
//   {"us":12,"unit":3,"is":"metadata"|"objects"|"link"|"again"}
//   {"us":12,"unit":3,"is":"ended","cpu_us":..,"peak_kib":..}   its process
//   {"us":12,"unit":3,"is":"done"|"failed"|"stopped"}
//   {"us":12,"is":"over","outcome":"success"|"failure"|"cancelled"}
//   {"us":12,"is":"end"}                                 of the command
//
// `us`: microseconds since the command began, never falling. An event of a unit has "free_kib", the memory that was to
// be had then, when none had it for a second. Each line ends with a sum of the rest of it (record/journal_seal.h):
// ..,"sum":"0a1b2c3d"}. A build that ran nothing leaves no journal.
// `expected_us`: before anything ran, what frontend, codegen and link would take alone on one core, and what that was
// known from: this unit, another variant of the crate, or the prior alone. Journals before it was written lack it.
#pragma once

#include "execute/observer.h"
#include "platform/descriptor.h"
#include "record/estimate.h"
#include "record/timeline.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::record {

/// How many stay, if nobody says otherwise; the oldest go.
inline constexpr std::size_t kJournalsKept = 20;

/// Below pcargo's own directory of a build directory.
std::string journal_directory(const std::string& private_root);

/// Newest first.
std::vector<std::string> list_journals(const std::string& private_root);

/// Removes all but the newest `count`. Those that are gone.
std::size_t keep_journals(const std::string& private_root, std::size_t count);

class JournalWriter final : public execute::BuildObserver {
 public:
  struct Question {
    const plan::BuildPlan& plan;
    const Estimates& estimates;
    /// Asked once, when something runs: a build with nothing to do looks at no machine.
    std::function<BuildHead()> head;
    std::function<Microseconds()> clock;  ///< since the command began
    /// Why the unit had to run, with what is behind it.
    std::function<std::string(UnitId)> why;
    std::function<bool(UnitId)> waited_for_memory;
    /// Asked no more than once a second; nullopt: not known.
    std::function<std::optional<std::uint64_t>()> available_memory;
    std::size_t kept = kJournalsKept;  ///< this one included
  };

  /// Nothing is opened before something runs. What cannot be written is left out: no build fails for it.
  explicit JournalWriter(Question question) : question_(std::move(question)) {}

  void unit_is_dirty(UnitId unit, const freshness::Cause& cause) override;
  void unit_runs_again(UnitId unit, const std::string& set_aside) override;
  void unit_runs_alone(UnitId unit, const std::string& how) override;
  void milestone_reached(UnitId unit, Milestone milestone) override;
  void link_permitted(UnitId unit) override;
  void process_ended(UnitId unit, const platform::ExitStatus& status) override;
  void unit_finished(UnitId unit, Outcome outcome, const execute::UnitFailure* failure) override;
  void build_finished(Outcome outcome) override;

  /// Nothing comes after it.
  void command_ends();

  /// Empty: nothing ran, or nothing could be written.
  const std::string& file() const { return name_; }

 private:
  void tell(UnitId unit, std::string_view what, std::string_view more = {});
  /// One object, which is sealed.
  void write(std::string line);
  std::string memory_at(Microseconds now);
  void put(std::string_view lines);
  void open();
  std::string units() const;

  Question question_;
  std::string held_;  ///< until something runs
  std::string name_;
  platform::Descriptor file_;
  IdMap<UnitId, char> has_started_;
  bool is_open_ = false;
  std::optional<Microseconds> looked_at_memory_;
};

}  // namespace pcargo::record
