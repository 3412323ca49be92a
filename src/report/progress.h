// SPDX-License-Identifier: MIT OR Apache-2.0
// Cargo's progress bar (src/cargo/util/progress.rs), style "ratio". Knows nothing of units: it is given counts and a
// text.
#pragma once

#include "report/shell.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pcargo::report {

/// Everything the bar's text depends on.
struct ProgressFrame {
  std::size_t max_width = 80;  ///< of the terminal
  bool unicode = true;
  std::size_t done = 0;
  std::size_t total = 0;
  std::string_view message = {};  ///< valid UTF-8; cut off with an ellipsis where it does not fit
};

/// "[=====>    ] 3/8: name, name": all that follows the word "Building". nullopt: no room.
std::optional<std::string> render_progress(const ProgressFrame& frame);

/// A bar on a shell's stderr. It repaints only what changed or was erased, and never once everything is done.
class ProgressBar {
 public:
  struct Options {
    bool enabled = false;
    /// Columns, asked before every painting (the window may change); nullopt: not a terminal, keep the last known.
    std::function<std::optional<std::size_t>()> width = {};
    std::optional<std::size_t> fixed_width = {};  ///< term.progress.width
    bool term_integration = false;                ///< OSC 9;4: the bar in the window's frame
  };

  /// The shell must outlive the bar.
  ProgressBar(Shell& shell, std::string word, Options options);
  /// Leaves no bar behind.
  ~ProgressBar() { clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  bool is_enabled() const { return enabled_; }
  void tick(std::size_t done, std::size_t total, std::string_view message);
  /// From now on the window's own bar is red.
  void indicate_error() { failed_ = true; }
  void clear();

 private:
  std::string report(double percent) const;
  void update_width();

  Shell& shell_;
  std::string word_;
  Options options_;
  bool enabled_ = false;
  bool failed_ = false;
  bool done_ = false;
  std::size_t max_width_ = 0;
  std::optional<std::string> last_line_;
};

}  // namespace pcargo::report
