// SPDX-License-Identifier: MIT OR Apache-2.0
// What command line and `[term]` want to see on the terminal (cargo 1.95: util/context/mod.rs, configure). Pure:
// whether there is a terminal is not known here.
#pragma once

#include "base/result.h"
#include "cargo/config.h"
#include "prepare/command_line.h"

#include <optional>

namespace pcargo::prepare {

struct TerminalOptions {
  enum class Color { kAuto, kAlways, kNever };
  enum class Progress { kAuto, kAlways, kNever };

  bool quiet = false;
  int verbosity = 0;  ///< 0, 1 (-v, term.verbose) or 2 (-vv)
  Color color = Color::kAuto;
  Progress progress = Progress::kAuto;
  std::optional<int> progress_width = {};
  std::optional<bool> hyperlinks = {};
  std::optional<bool> unicode = {};
  std::optional<bool> term_integration = {};
};

Result<TerminalOptions> resolve_terminal_options(const cargo::Config& config, const CommandLine& line);

}  // namespace pcargo::prepare
