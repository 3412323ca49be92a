// SPDX-License-Identifier: MIT OR Apache-2.0
// A build script's run: collects what it prints, reads its directives when it is over, and keeps its output on disk.
#pragma once

#include "execute/fixed_place.h"
#include "execute/run.h"
#include "platform/line_splitter.h"

#include <string>
#include <string_view>

namespace pcargo::execute {

class ScriptRun : public Run {
 public:
  ScriptRun(const RunContext& context, UnitId unit);

  Result<void> start() override;
  void signal(int signal_number) override;

 private:
  /// Its place is free.
  Result<void> begin();
  void over(const platform::ExitStatus& status);
  /// Reads and records the output; an error is the unit's failure.
  Result<void> accept(const platform::ExitStatus& status);
  /// Keeps what came, for the end. Too much of it ends the script.
  void keep(std::string* kept, std::string_view bytes);
  /// "failed to run custom build command for `...`".
  std::string headline() const;
  Error failed_command(const platform::ExitStatus& status) const;
  /// Warnings and errors that the script logged before it failed.
  cargo::BuildScriptOutput logged_so_far() const;
  void echo(std::string_view line, bool to_stdout);

  RunContext context_;
  UnitId unit_;
  plan::Invocation invocation_;
  std::string out_;
  std::string err_;
  bool said_too_much_ = false;
  platform::LineSplitter stdout_lines_;
  platform::LineSplitter stderr_lines_;
  FixedPlace place_;
  platform::ChildProcess child_;
};

}  // namespace pcargo::execute
