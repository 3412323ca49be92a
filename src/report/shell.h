// SPDX-License-Identifier: MIT OR Apache-2.0
// Cargo's Shell (src/cargo/core/shell.rs): how its lines look, with and without colour. Knows nothing of units; what is
// said when is console's business.
#pragma once

#include "base/result.h"
#include "base/transcript.h"
#include "report/palette.h"
#include "report/sink.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pcargo::report {

enum class Verbosity : std::uint8_t { kQuiet, kNormal, kVerbose };

struct ShellOptions {
  Verbosity verbosity = Verbosity::kNormal;
  bool stdout_color = false;
  bool stderr_color = false;
  bool hyperlinks = false;  ///< the terminal shows them; used only with stderr_color
  bool stderr_unicode = true;
};

/// All text given to a Shell may hold terminal escapes: they are removed where the stream has no colour.
class Shell {
 public:
  enum class Level : std::uint8_t { kWarning, kNote, kHelp };
  using Remarks = std::vector<std::pair<Level, std::string>>;

  /// Both sinks must outlive the shell.
  Shell(ShellOptions options, Sink& out, Sink& err) : options_(options), out_(out), err_(err) {}

  /// What is said from here on is written down there as well, less what is only painted. Outlives the shell.
  void write_down(Transcript* transcript) { transcript_ = transcript; }

  /// The colours of all lines from here on; the newest cargo's until then. Outlives the shell.
  void paint_as(const Palette& palette) { palette_ = &palette; }

  const ShellOptions& options() const { return options_; }
  Verbosity verbosity() const { return options_.verbosity; }

  /// A green word right-aligned in 12 columns, then the message. Not with -q.
  void status(std::string_view word, std::string_view message);
  /// "warning: ...", "note: ...". Not with -q.
  void warn(std::string_view message);
  void note(std::string_view message);
  /// A warning with remarks below it, as rustc draws them. Not with -q.
  void warn_with_remarks(std::string_view title, const Remarks& remarks);
  /// "error: ...", also with -q.
  void error(std::string_view message);
  /// The error, then each cause under "Caused by:", two blanks in. Hidden causes are the caller's to leave out.
  void display_error(const Error& error);
  /// A warning with the error that led to it below, whole.
  void warn_with_error(std::string_view warning, const Error& error);

  /// Text and a line break on stderr, also with -q: diagnostics and what other programs said.
  void err_line(std::string_view text);
  /// The same on stdout.
  void out_line(std::string_view text);
  /// The same without the line break.
  void err_raw(std::string_view text);

  /// `text` as a link to `url`, where the terminal can.
  std::string err_hyperlink(std::string_view url, std::string_view text) const;

  /// Paints a line that the next output erases (a progress bar): cyan word, text, carriage return.
  void paint_transient(std::string_view word, std::string_view text);
  bool has_transient() const { return needs_clear_; }
  void erase_transient();

  /// A titled line as in a diagnostic: level in its colour, then the text.
  /// Further lines of `text` stand below its first.
  static std::string titled(Level level, std::string_view text);

 private:
  /// One write: erases a painted line first.
  void write_err(std::string text);
  std::string erasure();

  ShellOptions options_;
  Sink& out_;
  Sink& err_;
  Transcript* transcript_ = nullptr;
  const Palette* palette_ = &newest_palette();
  bool needs_clear_ = false;
};

}  // namespace pcargo::report
