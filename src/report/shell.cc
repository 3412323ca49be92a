// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/shell.h"

#include "report/text.h"

#include <fmt/format.h>

namespace pcargo::report {
namespace {

constexpr std::string_view kContext = "\x1b[1m\x1b[94m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kReset = "\x1b[0m";
constexpr std::string_view kEraseToEndOfLine = "\x1b[K";

std::string justified(std::string_view style, std::string_view word) {
  return fmt::format("{}{:>12}{}", style, word, kReset);
}

std::string prefixed(const Palette& palette, std::string_view style, std::string_view word, std::string_view message) {
  return fmt::format("{}{}{}{} {}\n", style, word, kReset, palette.colon, message);
}

std::string chain_of_causes(const Error& error) {
  std::string text;
  for (const std::string& cause : error.causes) {
    text += "\nCaused by:\n" + indented_lines(cause);
  }
  return text;
}

}  // namespace

std::string Shell::erasure() {
  if (!needs_clear_ || !options_.stderr_color) {
    return {};
  }
  needs_clear_ = false;
  return std::string(kEraseToEndOfLine);
}

void Shell::erase_transient() {
  err_.write(erasure());
}

void Shell::write_err(std::string text) {
  // One copy at a time: a line may be huge.
  if (!options_.stderr_color) {
    text = to_valid_utf8(text);
    text = strip_ansi(text);
  }
  if (transcript_ != nullptr) {
    transcript_->push_back({Said::Where::kStderr, text});
  }
  err_.write(text.insert(0, erasure()));
}

void Shell::status(std::string_view word, std::string_view message) {
  if (verbosity() != Verbosity::kQuiet) {
    write_err(fmt::format("{} {}\n", justified(palette_->header, word), message));
  }
}

void Shell::warn(std::string_view message) {
  if (verbosity() != Verbosity::kQuiet) {
    write_err(prefixed(*palette_, palette_->warn, "warning", message));
  }
}

void Shell::note(std::string_view message) {
  if (verbosity() != Verbosity::kQuiet) {
    write_err(prefixed(*palette_, palette_->note, "note", message));
  }
}

void Shell::warn_with_remarks(std::string_view title, const Remarks& remarks) {
  if (verbosity() == Verbosity::kQuiet) {
    return;
  }
  std::string text = fmt::format("{}\n  {}|{}\n", titled(Level::kWarning, title), kContext, kReset);
  for (const auto& [level, remark] : remarks) {
    const std::string_view word = level == Level::kHelp ? "help" : "note";
    text += fmt::format("  {0}= {1}{2}{3}{1}: {4}\n", kContext, kReset, kBold, word, remark);
  }
  write_err(std::move(text));
}

void Shell::error(std::string_view message) {
  write_err(prefixed(*palette_, palette_->error, "error", message));
}

void Shell::display_error(const Error& shown) {
  write_err(prefixed(*palette_, palette_->error, "error", shown.message) + chain_of_causes(shown));
}

void Shell::warn_with_error(std::string_view warning, const Error& error) {
  warn(warning);
  write_err("\n" + error.message + "\n" + chain_of_causes(error));
}

void Shell::err_line(std::string_view text) {
  std::string line;
  line.reserve(text.size() + 1);
  write_err(std::move(line.append(text).append("\n")));
}

void Shell::out_line(std::string_view text) {
  erase_transient();
  const std::string line = (options_.stdout_color ? std::string(text) : strip_ansi(to_valid_utf8(text))) + "\n";
  if (transcript_ != nullptr) {
    transcript_->push_back({Said::Where::kStdout, line});
  }
  out_.write(line);
}

void Shell::err_raw(std::string_view text) {
  write_err(std::string(text));
}

std::string Shell::err_hyperlink(std::string_view url, std::string_view text) const {
  if (!options_.hyperlinks || !options_.stderr_color) {
    return std::string(text);
  }
  return fmt::format("\x1b]8;;{}\x1b\\{}\x1b]8;;\x1b\\", url, text);
}

void Shell::paint_transient(std::string_view word, std::string_view text) {
  // No erasing: the new line covers the old one (cargo: State::print).
  std::string line = verbosity() == Verbosity::kQuiet ? "" : justified(palette_->transient, word) + " ";
  line.append(text).append("\r");
  err_.write(options_.stderr_color ? line : strip_ansi(line));
  needs_clear_ = true;
}

std::string Shell::titled(Level level, std::string_view text) {
  const std::string_view word = level == Level::kWarning ? "warning" : level == Level::kNote ? "note" : "help";
  const Palette& palette = newest_palette();
  const std::string_view style = level == Level::kWarning ? palette.warn
                                 : level == Level::kNote  ? palette.note
                                                          : palette.transient;
  std::string title = fmt::format("{}{}{}: ", style, word, kReset);
  for (const char c : text) {
    title += c;
    if (c == '\n') {
      title.append(word.size() + 2, ' ');
    }
  }
  return title;
}

}  // namespace pcargo::report
