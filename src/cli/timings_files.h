// SPDX-License-Identifier: MIT OR Apache-2.0
// Files that `pcargo timings` leaves, and who shows them.
#pragma once

#include "base/environment.h"
#include "cargo/config.h"
#include "cli/hand_over.h"

#include <optional>
#include <string>
#include <string_view>

namespace pcargo::cli {

/// Where cargo puts its own, under another name.
std::string default_timings_file(const std::string& target_directory, std::string_view ending);

struct TimingsReport {
  std::string file;
  std::string line;  ///< the build in a line
};

/// Writes the page of a build's journal where `cargo build --timings` writes its own, stamped and unstamped; `file` is
/// the first.
Result<TimingsReport> save_timings_report(const std::string& journal, const std::string& target_directory);

/// Whether a build ends with its line: PCARGO_TIMINGS, or `pcargo.timings` of the config, in this order; auto, which is
/// with -v.
Result<bool> tells_timings(const Environment& environment, const cargo::Config& config, bool is_verbose);

/// The line of a build's journal; nullopt: it cannot be read.
std::optional<std::string> timings_line_of(const std::string& journal);

/// Replaces a regular file and nothing else; the directory is made if there is none.
Result<void> save_timings(const std::string& file, std::string_view contents);

/// Becomes $BROWSER, or the desktop's own. Gives an error or does not return.
Error open_in_browser(const Session& session, const std::string& file);

}  // namespace pcargo::cli
