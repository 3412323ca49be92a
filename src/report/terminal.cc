// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/terminal.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace pcargo::report {
namespace {

bool is_set_and_not_empty(const Environment& environment, std::string_view name) {
  return !environment.get(name).value_or("").empty();
}

bool is_one_of(const std::optional<std::string>& value, std::initializer_list<std::string_view> words) {
  return value && std::find(words.begin(), words.end(), *value) != words.end();
}

/// anstream 0.6: AutoStream::choice.
bool wants_color(ColorChoice choice, bool is_terminal, const Environment& environment) {
  if (choice != ColorChoice::kAuto) {
    return choice == ColorChoice::kAlways;
  }
  const auto clicolor = environment.get("CLICOLOR");
  if (is_set_and_not_empty(environment, "NO_COLOR")) {
    return false;
  }
  if (is_set_and_not_empty(environment, "CLICOLOR_FORCE")) {
    return true;
  }
  if (clicolor == "0" || !is_terminal) {
    return false;
  }
  const auto term = environment.get("TERM");
  return (term && *term != "dumb") || clicolor.has_value() || environment.contains("CI");
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool is_vte_with_links(const std::optional<std::string>& version) {
  if (!version || version->empty() || version->size() > 9 ||
      !std::all_of(version->begin(), version->end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return false;
  }
  return std::stoi(*version) >= 5000;
}

/// The supports-hyperlinks crate, version 3; iTerm is cargo's own exception.
bool terminal_has_hyperlinks(const Environment& environment) {
  if (environment.get("TERM_PROGRAM") == "iTerm.app") {
    return false;
  }
  if (const auto forced = environment.get("FORCE_HYPERLINK")) {
    return trimmed(*forced) != "0";
  }
  return environment.contains("DOMTERM") || is_vte_with_links(environment.get("VTE_VERSION")) ||
         is_one_of(environment.get("TERM_PROGRAM"), {"Hyper", "terminology", "WezTerm", "vscode", "ghostty", "zed"}) ||
         is_one_of(environment.get("TERM"), {"xterm-kitty", "alacritty", "alacritty-direct"}) ||
         environment.get("COLORTERM") == "xfce4-terminal" || environment.contains("WT_SESSION") ||
         environment.contains("KONSOLE_VERSION");
}

/// The supports-unicode crate, version 3.
bool terminal_has_unicode(const Environment& environment) {
  if (environment.get("TERM") == "linux") {
    return false;
  }
  std::string locale;
  for (std::string_view name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (const auto value = environment.get(name)) {
      locale = *value;
      break;
    }
  }
  std::transform(locale.begin(), locale.end(), locale.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  auto ends_with = [&](std::string_view tail) {
    return locale.size() >= tail.size() && std::string_view(locale).substr(locale.size() - tail.size()) == tail;
  };
  return ends_with("UTF8") || ends_with("UTF-8");
}

/// iTerm lists what it can in TERM_FEATURES: words that begin with a capital; "P" is progress.
bool iterm_has_progress(std::string_view features) {
  auto is_alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  for (std::size_t i = 0; i < features.size() && is_alphanumeric(features[i]); ++i) {
    const bool word_ends = i + 1 == features.size() || !is_alphanumeric(features[i + 1]) ||
                           (features[i + 1] >= 'A' && features[i + 1] <= 'Z');
    if (features[i] == 'P' && word_ends) {
      return true;
    }
  }
  return false;
}

bool terminal_has_progress(const Environment& environment) {
  const auto program = environment.get("TERM_PROGRAM");
  return environment.contains("WT_SESSION") || environment.get("ConEmuANSI") == "ON" ||
         is_one_of(program, {"WezTerm", "ghostty"}) ||
         (program == "iTerm.app" && iterm_has_progress(environment.get("TERM_FEATURES").value_or("")));
}

}  // namespace

ShellOptions shell_options(const TerminalRequest& request, const TerminalFacts& facts, const Environment& environment) {
  ShellOptions options;
  options.verbosity = request.verbosity;
  options.stdout_color = wants_color(request.color, facts.stdout_is_terminal, environment);
  options.stderr_color = wants_color(request.color, facts.stderr_is_terminal, environment);
  options.hyperlinks = request.hyperlinks.value_or(terminal_has_hyperlinks(environment));
  options.stderr_unicode = request.unicode.value_or(!facts.stderr_is_terminal || terminal_has_unicode(environment));
  return options;
}

ProgressBar::Options progress_options(const TerminalRequest& request,
                                      const TerminalFacts& facts,
                                      const Environment& environment) {
  ProgressBar::Options options;
  options.width = facts.stderr_width;
  options.fixed_width = request.progress_width;
  options.term_integration =
      request.term_integration.value_or(facts.stderr_is_terminal && terminal_has_progress(environment));
  if (request.progress_when == ProgressWhen::kAuto) {
    const bool is_ci = environment.contains("CI") || environment.contains("TF_BUILD");
    options.enabled = request.verbosity != Verbosity::kQuiet && environment.get("TERM") != "dumb" && !is_ci;
  } else {
    options.enabled = request.progress_when == ProgressWhen::kAlways;
  }
  return options;
}

}  // namespace pcargo::report
