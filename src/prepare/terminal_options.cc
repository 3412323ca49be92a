// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/terminal_options.h"

#include "prepare/config_choice.h"

#include <algorithm>
#include <climits>
#include <cstdint>
#include <string>

namespace pcargo::prepare {
namespace {

Error wrong(std::string message) {
  return Error{ErrorKind::kInput, std::move(message)};
}

Result<std::optional<bool>> get_bool(const cargo::Config& config, const char* key) {
  PCARGO_ASSIGN(const auto found, config.get_bool(key));
  return found ? std::optional(found->value) : std::nullopt;
}

Result<void> resolve_verbosity(const cargo::Config& config, const CommandLine& line, TerminalOptions* options) {
  PCARGO_ASSIGN(const auto verbose, get_bool(config, "term.verbose"));
  PCARGO_ASSIGN(const auto quiet, get_bool(config, "term.quiet"));
  if (line.verbose > 0 && line.quiet) {
    return wrong("cannot set both --verbose and --quiet");
  }
  if (line.verbose > 0 || line.quiet) {
    options->verbosity = std::min(line.verbose, 2);
    options->quiet = line.quiet;
    return {};
  }
  if (verbose.value_or(false) && quiet.value_or(false)) {
    return wrong("cannot set both `term.verbose` and `term.quiet`");
  }
  options->verbosity = verbose.value_or(false) ? 1 : 0;
  options->quiet = quiet.value_or(false);
  return {};
}

Result<TerminalOptions::Color> resolve_color(const cargo::Config& config, const CommandLine& line) {
  PCARGO_ASSIGN(const auto configured, config.get_string("term.color"));
  const std::string color = line.color ? *line.color : configured ? configured->value : "auto";
  if (color == "always") {
    return TerminalOptions::Color::kAlways;
  }
  if (color == "never") {
    return TerminalOptions::Color::kNever;
  }
  if (color == "auto") {
    return TerminalOptions::Color::kAuto;
  }
  return wrong("argument for --color must be auto, always, or never, but found `" + color + "`");
}

Result<void> resolve_progress(const cargo::Config& config, TerminalOptions* options) {
  PCARGO_ASSIGN(const auto when, get_choice(config, "term.progress.when", {"auto", "never", "always"}));
  PCARGO_ASSIGN(const auto width, config.get_integer("term.progress.width"));
  PCARGO_ASSIGN(options->term_integration, get_bool(config, "term.progress.term-integration"));
  if (width) {
    if (width->value < 0) {
      return bad_value("term.progress.width",
                       width->definition,
                       "invalid value: integer `" + std::to_string(width->value) + "`, expected usize");
    }
    options->progress_width = static_cast<int>(std::min<std::int64_t>(width->value, INT_MAX));
  }
  if (when == "always") {
    if (!width) {
      return wrong("\"always\" progress requires a `width` key");
    }
    options->progress = TerminalOptions::Progress::kAlways;
  } else if (when == "never") {
    options->progress = TerminalOptions::Progress::kNever;
  }
  return {};
}

}  // namespace

Result<TerminalOptions> resolve_terminal_options(const cargo::Config& config, const CommandLine& line) {
  TerminalOptions options;
  PCARGO_TRY(resolve_verbosity(config, line, &options));
  PCARGO_ASSIGN(options.color, resolve_color(config, line));
  PCARGO_TRY(resolve_progress(config, &options));
  PCARGO_ASSIGN(options.hyperlinks, get_bool(config, "term.hyperlinks"));
  PCARGO_ASSIGN(options.unicode, get_bool(config, "term.unicode"));
  return options;
}

}  // namespace pcargo::prepare
