// SPDX-License-Identifier: MIT OR Apache-2.0
// A rustc process: watches for the metadata notice, hands on diagnostics, checks that all outputs are there, and puts
// the final files where users look.
#pragma once

#include "execute/fixed_place.h"
#include "execute/link_gate.h"
#include "execute/run.h"
#include "execute/true_paths.h"
#include "execute/unit_messages.h"
#include "platform/line_splitter.h"
#include "platform/memory.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pcargo::execute {

class CompileRun : public Run {
 public:
  /// `is_late`: what it links is not there yet, or it is to stop at the link gate all the same.
  CompileRun(const RunContext& context, UnitId unit, bool is_late);
  ~CompileRun() override;
  CompileRun(const CompileRun&) = delete;
  CompileRun& operator=(const CompileRun&) = delete;

  Result<void> start() override;
  void signal(int signal_number) override;
  void permit_link() override;
  void run_alone() override;

 private:
  /// Its place is free, if it needs one that is.
  Result<void> begin();
  Result<void> clear_outputs() const;
  Result<void> open_attempt();
  Result<void> launch();
  Result<platform::ChildProcess> spawn();
  void stderr_line(std::string_view line);
  void say(freshness::Message::Kind kind, std::string_view text);
  void artifact_notice(const std::string& artifact);
  void metadata_notice(const plan::OutputFile& output);
  void over(const platform::ExitStatus& status);
  // Of a late-linked unit:
  Result<void> open_gate();
  bool stub_could_explain(const platform::ExitStatus& status) const;
  void start_over();
  void launch_in_the_ordinary_way();
  bool begins_to_verify();
  Result<void> put_aside();
  Result<void> compare_with_late() const;
  bool runs_again_after(const platform::ExitStatus& status);
  bool waits_to_run_alone(const platform::ExitStatus& status);
  void look_at_memory();
  Result<void> accept();
  Result<std::vector<plan::OutputFile>> collect_outputs() const;

  RunContext context_;
  UnitId unit_;
  std::vector<plan::OutputFile> outputs_;  // that it may make
  plan::Invocation invocation_;
  Attempt attempt_;
  UnitMessages messages_;
  platform::LineSplitter stdout_lines_;
  platform::LineSplitter stderr_lines_;
  std::string response_file_;  // removed when the process is over
  bool metadata_reached_ = false;
  bool is_second_try_ = false;
  bool was_signalled_ = false;
  bool tells_of_no_memory_ = false;
  bool is_alone_ = false;  // was killed for memory once
  std::optional<platform::ProcessMemory> at_objects_;
  bool is_late_ = false;
  bool is_at_gate_ = false;    // or has been
  bool is_permitted_ = false;  // everything it links is there
  bool waits_to_start_over_ = false;
  bool names_stub_ = false;  // something that it said does
  bool fell_back_ = false;
  plan::Invocation late_invocation_;
  std::string gate_directory_;
  std::optional<LinkGate> gate_;                                 // as long as it is late-linked
  std::vector<TruePath> true_paths_;                             // of what it may speak of
  std::vector<std::pair<std::string, std::string>> to_compare_;  // made late-linked, and where the other one will be
  std::optional<platform::Timer> timer_;
  std::optional<FixedPlace> place_;  // of one that writes in place
  platform::ChildProcess child_;
};

}  // namespace pcargo::execute
