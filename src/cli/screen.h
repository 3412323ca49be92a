// SPDX-License-Identifier: MIT OR Apache-2.0
// The terminal of a command: where its words go and how they look.
#pragma once

#include "base/environment.h"
#include "prepare/command_line.h"
#include "prepare/terminal_options.h"
#include "report/progress.h"
#include "report/shell.h"
#include "report/sink.h"

#include <memory>
#include <optional>

namespace pcargo::cli {

/// Columns of stderr's terminal as diagnostics should be laid out for; cargo's test variable overrides it.
std::optional<int> diagnostic_width(const Environment& environment);

/// Options as the command line alone has them: for what must be said before config is read. What is wrong there is told
/// when config is resolved.
prepare::TerminalOptions early_options(const prepare::CommandLine& line);

class Screen {
 public:
  Screen(const prepare::TerminalOptions& options, const Environment& environment);

  report::Shell& shell() { return *shell_; }
  const report::ProgressBar::Options& progress() const { return progress_; }
  bool stdout_is_broken() const { return out_.is_broken(); }
  bool stderr_is_broken() const { return err_.is_broken(); }

 private:
  report::DescriptorSink out_;
  report::DescriptorSink err_;
  std::unique_ptr<report::Shell> shell_;
  report::ProgressBar::Options progress_;
};

}  // namespace pcargo::cli
