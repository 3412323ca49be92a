// SPDX-License-Identifier: MIT OR Apache-2.0
// `--message-format`: what is said as JSON on stdout and what as text on stderr.
#pragma once

#include "base/result.h"

#include <string>
#include <vector>

namespace pcargo::report {

struct MessageFormat {
  bool json = false;                ///< machine messages on stdout
  bool short_diagnostics = false;   ///< `short`, or `json-diagnostic-short`: rustc gets diagnostic-short
  bool ansi = false;                ///< json: keep colours in `rendered`
  bool render_diagnostics = false;  ///< json: diagnostics as text on stderr after all

  bool diagnostics_as_text() const { return !json || render_diagnostics; }
  bool operator==(const MessageFormat&) const = default;
};

/// Values as given, each possibly several joined by commas (cargo: command_prelude.rs, compile_options). Errors are
/// cargo's.
Result<MessageFormat> parse_message_format(const std::vector<std::string>& values);

}  // namespace pcargo::report
