// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/screen.h"

#include "platform/terminal.h"
#include "report/terminal.h"

#include <unistd.h>

#include <charconv>

namespace pcargo::cli {

namespace {

constexpr const char* kTestWidth = "__CARGO_TEST_TTY_WIDTH_DO_NOT_USE_THIS";

std::optional<std::size_t> terminal_columns(const Environment& environment) {
  if (auto text = environment.get(kTestWidth)) {
    std::size_t width = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), width);
    return error == std::errc() && end == text->data() + text->size() ? std::optional(width) : std::nullopt;
  }
  return platform::terminal_width(STDERR_FILENO);
}

report::TerminalRequest request(const prepare::TerminalOptions& options) {
  using Color = prepare::TerminalOptions::Color;
  using Progress = prepare::TerminalOptions::Progress;
  report::TerminalRequest result;
  result.verbosity = options.quiet            ? report::Verbosity::kQuiet
                     : options.verbosity == 0 ? report::Verbosity::kNormal
                                              : report::Verbosity::kVerbose;
  result.color = options.color == Color::kAlways  ? report::ColorChoice::kAlways
                 : options.color == Color::kNever ? report::ColorChoice::kNever
                                                  : report::ColorChoice::kAuto;
  result.progress_when = options.progress == Progress::kAlways  ? report::ProgressWhen::kAlways
                         : options.progress == Progress::kNever ? report::ProgressWhen::kNever
                                                                : report::ProgressWhen::kAuto;
  if (options.progress_width) {
    result.progress_width = static_cast<std::size_t>(*options.progress_width);
  }
  result.hyperlinks = options.hyperlinks;
  result.unicode = options.unicode;
  result.term_integration = options.term_integration;
  return result;
}

}  // namespace

std::optional<int> diagnostic_width(const Environment& environment) {
  const auto columns = terminal_columns(environment);
  return columns ? std::optional(static_cast<int>(*columns)) : std::nullopt;
}

prepare::TerminalOptions early_options(const prepare::CommandLine& line) {
  prepare::TerminalOptions options;
  options.quiet = line.quiet;
  options.verbosity = line.verbose;
  if (line.color == "always") {
    options.color = prepare::TerminalOptions::Color::kAlways;
  } else if (line.color == "never") {
    options.color = prepare::TerminalOptions::Color::kNever;
  }
  return options;
}

Screen::Screen(const prepare::TerminalOptions& options, const Environment& environment)
    : out_(STDOUT_FILENO), err_(STDERR_FILENO) {
  report::TerminalFacts facts;
  facts.stdout_is_terminal = platform::is_terminal(STDOUT_FILENO);
  facts.stderr_is_terminal = platform::is_terminal(STDERR_FILENO);
  facts.stderr_width = [environment] { return terminal_columns(environment); };
  const auto wanted = request(options);
  shell_ = std::make_unique<report::Shell>(report::shell_options(wanted, facts, environment), out_, err_);
  progress_ = report::progress_options(wanted, facts, environment);
}

}  // namespace pcargo::cli
