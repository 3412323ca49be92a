// SPDX-License-Identifier: MIT OR Apache-2.0
// A rustc process: watches for the metadata notice, hands on diagnostics, checks that all outputs are there, and puts
// the final files where users look.
#pragma once

#include "execute/fixed_place.h"
#include "execute/run.h"
#include "platform/line_splitter.h"

#include <string>
#include <string_view>
#include <vector>

namespace pcargo::execute {

void say_to(BuildObserver& observer, UnitId unit, freshness::Message::Kind kind, std::string_view text);

class CompileRun : public Run {
 public:
  CompileRun(const RunContext& context, UnitId unit);

  Result<void> start() override;
  void signal(int signal_number) override;

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
  bool runs_again_after(const platform::ExitStatus& status);
  Result<void> accept();
  Result<std::vector<plan::OutputFile>> collect_outputs() const;

  RunContext context_;
  UnitId unit_;
  std::vector<plan::OutputFile> outputs_;  // that it may make
  plan::Invocation invocation_;
  Attempt attempt_;
  platform::LineSplitter stdout_lines_;
  platform::LineSplitter stderr_lines_;
  std::vector<freshness::Message> messages_;  // to be said again while the unit is fresh
  std::size_t message_bytes_ = 0;
  std::string response_file_;  // removed when the process is over
  bool metadata_reached_ = false;
  bool is_second_try_ = false;
  std::optional<FixedPlace> place_;  // of one that writes in place
  platform::ChildProcess child_;
};

}  // namespace pcargo::execute
