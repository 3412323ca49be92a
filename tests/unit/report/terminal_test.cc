// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/terminal.h"

#include <catch2/catch.hpp>

using namespace pcargo;
using namespace pcargo::report;

namespace {

Environment variables(std::initializer_list<std::pair<const char*, const char*>> list) {
  Environment environment;
  for (const auto& [name, value] : list) {
    environment.set(name, value);
  }
  return environment;
}

TerminalFacts on_terminal() {
  TerminalFacts facts;
  facts.stdout_is_terminal = true;
  facts.stderr_is_terminal = true;
  facts.stderr_width = [] { return std::optional<std::size_t>(80); };
  return facts;
}

bool colored(const TerminalRequest& request, const TerminalFacts& facts, const Environment& environment) {
  return shell_options(request, facts, environment).stderr_color;
}

}  // namespace

TEST_CASE("colour: the request, then NO_COLOR, CLICOLOR_FORCE, CLICOLOR, the terminal") {
  const auto xterm = variables({{"TERM", "xterm"}});
  CHECK(colored({}, on_terminal(), xterm));
  CHECK_FALSE(colored({}, {}, xterm));
  CHECK_FALSE(colored({}, on_terminal(), variables({})));
  CHECK_FALSE(colored({}, on_terminal(), variables({{"TERM", "dumb"}})));
  CHECK(colored({}, on_terminal(), variables({{"TERM", "dumb"}, {"CI", ""}})));
  CHECK(colored({}, on_terminal(), variables({{"CLICOLOR", "1"}})));
  CHECK_FALSE(colored({}, on_terminal(), variables({{"TERM", "xterm"}, {"CLICOLOR", "0"}})));
  CHECK(colored({}, {}, variables({{"CLICOLOR_FORCE", "1"}})));
  CHECK_FALSE(colored({}, {}, variables({{"CLICOLOR_FORCE", ""}})));
  CHECK_FALSE(colored({}, on_terminal(), variables({{"TERM", "xterm"}, {"NO_COLOR", "1"}, {"CLICOLOR_FORCE", "1"}})));
  CHECK(colored({}, on_terminal(), variables({{"TERM", "xterm"}, {"NO_COLOR", ""}})));

  TerminalRequest always;
  always.color = ColorChoice::kAlways;
  CHECK(colored(always, {}, variables({{"NO_COLOR", "1"}})));
  TerminalRequest never;
  never.color = ColorChoice::kNever;
  CHECK_FALSE(colored(never, on_terminal(), variables({{"TERM", "xterm"}, {"CLICOLOR_FORCE", "1"}})));
}

TEST_CASE("each stream is judged by itself") {
  TerminalFacts facts;
  facts.stderr_is_terminal = true;
  const auto options = shell_options({}, facts, variables({{"TERM", "xterm"}}));
  CHECK(options.stderr_color);
  CHECK_FALSE(options.stdout_color);
}

TEST_CASE("links: what is known of terminals, and config over all") {
  auto links = [](const Environment& environment) { return shell_options({}, {}, environment).hyperlinks; };
  CHECK_FALSE(links(variables({{"TERM", "xterm"}})));
  CHECK(links(variables({{"VTE_VERSION", "6003"}})));
  CHECK_FALSE(links(variables({{"VTE_VERSION", "4900"}})));
  CHECK_FALSE(links(variables({{"VTE_VERSION", "99999999999999999999"}})));
  CHECK(links(variables({{"TERM_PROGRAM", "WezTerm"}})));
  CHECK_FALSE(links(variables({{"TERM_PROGRAM", "iTerm.app"}, {"FORCE_HYPERLINK", "1"}})));
  CHECK(links(variables({{"FORCE_HYPERLINK", "1"}})));
  CHECK_FALSE(links(variables({{"FORCE_HYPERLINK", " 0 "}, {"KONSOLE_VERSION", "1"}})));
  TerminalRequest request;
  request.hyperlinks = false;
  CHECK_FALSE(shell_options(request, {}, variables({{"FORCE_HYPERLINK", "1"}})).hyperlinks);
}

TEST_CASE("Unicode: always into pipes, by locale on terminals") {
  CHECK(shell_options({}, {}, variables({})).stderr_unicode);
  CHECK_FALSE(shell_options({}, on_terminal(), variables({})).stderr_unicode);
  CHECK(shell_options({}, on_terminal(), variables({{"LANG", "de_DE.utf8"}})).stderr_unicode);
  CHECK_FALSE(shell_options({}, on_terminal(), variables({{"LC_ALL", "C"}, {"LANG", "de_DE.UTF-8"}})).stderr_unicode);
  CHECK_FALSE(shell_options({}, on_terminal(), variables({{"TERM", "linux"}, {"LANG", "C.UTF-8"}})).stderr_unicode);
}

TEST_CASE("a bar: not with -q, not on dumb terminals, not in CI, unless asked for") {
  const auto xterm = variables({{"TERM", "xterm"}});
  CHECK(progress_options({}, on_terminal(), xterm).enabled);
  CHECK(progress_options({}, on_terminal(), variables({})).enabled);
  CHECK_FALSE(progress_options({}, on_terminal(), variables({{"TERM", "dumb"}})).enabled);
  CHECK_FALSE(progress_options({}, on_terminal(), variables({{"CI", ""}})).enabled);
  CHECK_FALSE(progress_options({}, on_terminal(), variables({{"TF_BUILD", "1"}})).enabled);
  TerminalRequest quiet;
  quiet.verbosity = Verbosity::kQuiet;
  CHECK_FALSE(progress_options(quiet, on_terminal(), xterm).enabled);
  TerminalRequest always;
  always.progress_when = ProgressWhen::kAlways;
  always.progress_width = 60;
  const auto options = progress_options(always, {}, variables({{"CI", "1"}}));
  CHECK(options.enabled);
  CHECK(options.fixed_width == 60);
  TerminalRequest never;
  never.progress_when = ProgressWhen::kNever;
  CHECK_FALSE(progress_options(never, on_terminal(), xterm).enabled);
}

TEST_CASE("the window's own bar: terminals that are known to have one") {
  auto integrated = [](const Environment& environment) {
    return progress_options({}, on_terminal(), environment).term_integration;
  };
  CHECK_FALSE(integrated(variables({})));
  CHECK(integrated(variables({{"TERM_PROGRAM", "ghostty"}})));
  CHECK(integrated(variables({{"ConEmuANSI", "ON"}})));
  CHECK_FALSE(integrated(variables({{"ConEmuANSI", "OFF"}})));
  CHECK(integrated(variables({{"TERM_PROGRAM", "iTerm.app"}, {"TERM_FEATURES", "MBT2ScP"}})));
  CHECK_FALSE(integrated(variables({{"TERM_PROGRAM", "iTerm.app"}, {"TERM_FEATURES", "MBT2ScPx"}})));
  CHECK_FALSE(integrated(variables({{"TERM_PROGRAM", "iTerm.app"}})));
  TerminalRequest request;
  request.term_integration = true;
  CHECK(progress_options(request, {}, variables({})).term_integration);
}
