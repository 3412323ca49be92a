// SPDX-License-Identifier: MIT OR Apache-2.0
// From flags, `term.*` config and environment variables to how output looks: the rules of cargo's Shell and of the
// crates it asks (anstream, supports-hyperlinks, supports-unicode). Pure: what only the system knows is passed in.
#pragma once

#include "base/environment.h"
#include "report/progress.h"
#include "report/shell.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace pcargo::report {

enum class ColorChoice : std::uint8_t { kAuto, kAlways, kNever };
enum class ProgressWhen : std::uint8_t { kAuto, kNever, kAlways };

/// What the user asked for: the command line where it speaks, else `term.*`.
struct TerminalRequest {
  Verbosity verbosity = Verbosity::kNormal;
  ColorChoice color = ColorChoice::kAuto;
  std::optional<bool> hyperlinks = {};               ///< term.hyperlinks
  std::optional<bool> unicode = {};                  ///< term.unicode
  ProgressWhen progress_when = ProgressWhen::kAuto;  ///< term.progress.when
  std::optional<std::size_t> progress_width = {};    ///< term.progress.width
  std::optional<bool> term_integration = {};         ///< term.progress.term-integration
};

/// What the system says.
struct TerminalFacts {
  bool stdout_is_terminal = false;
  bool stderr_is_terminal = false;
  /// Columns of stderr's terminal; nullopt if it is none or does not know.
  std::function<std::optional<std::size_t>()> stderr_width = {};
};

ShellOptions shell_options(const TerminalRequest& request, const TerminalFacts& facts, const Environment& environment);

ProgressBar::Options progress_options(const TerminalRequest& request,
                                      const TerminalFacts& facts,
                                      const Environment& environment);

}  // namespace pcargo::report
