// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/terminal_options.h"

#include "support/config_story.h"

#include <catch2/catch.hpp>

#include <string>

namespace pcargo::prepare {
namespace {

using test::ConfigStory;
using Color = TerminalOptions::Color;
using Progress = TerminalOptions::Progress;

TerminalOptions options(const ConfigStory& story, const CommandLine& line = {}) {
  const auto found = resolve_terminal_options(story.load(), line);
  INFO(ConfigStory::text_of(found));
  REQUIRE(found);
  return *found;
}

std::string refusal(const ConfigStory& story, const CommandLine& line = {}) {
  return ConfigStory::text_of(resolve_terminal_options(story.load(), line));
}

TEST_CASE("nothing said, nothing special") {
  const TerminalOptions plain = options(ConfigStory());
  CHECK_FALSE(plain.quiet);
  CHECK(plain.verbosity == 0);
  CHECK(plain.color == Color::kAuto);
  CHECK(plain.progress == Progress::kAuto);
  CHECK_FALSE(plain.hyperlinks);
}

TEST_CASE("how much to say: the command line, else config") {
  CommandLine loud;
  loud.verbose = 3;
  CommandLine quiet;
  quiet.quiet = true;
  auto story = ConfigStory().config("term.verbose = true");
  CHECK(options(story).verbosity == 1);
  CHECK(options(story, loud).verbosity == 2);
  CHECK(options(story, quiet).quiet);
  CHECK(options(story, quiet).verbosity == 0);
  CHECK(options(ConfigStory().variable("CARGO_TERM_QUIET", "true")).quiet);
  CHECK_FALSE(options(ConfigStory().variable("CARGO_TERM_QUIET", "true"), loud).quiet);
}

TEST_CASE("loud and quiet at once is refused") {
  CommandLine both;
  both.verbose = 1;
  both.quiet = true;
  CHECK(refusal(ConfigStory(), both) == "cannot set both --verbose and --quiet");
  CHECK(refusal(ConfigStory().config("term.verbose = true\nterm.quiet = true")) ==
        "cannot set both `term.verbose` and `term.quiet`");
}

TEST_CASE("colour: the command line, else config") {
  CommandLine line;
  line.color = "never";
  auto story = ConfigStory().config("term.color = 'always'");
  CHECK(options(story).color == Color::kAlways);
  CHECK(options(story, line).color == Color::kNever);
  line.color = "auto";
  CHECK(options(story, line).color == Color::kAuto);
  CHECK(refusal(ConfigStory().config("term.color = 'blue'")) ==
        "argument for --color must be auto, always, or never, but found `blue`");
}

TEST_CASE("progress that is always shown needs a width") {
  auto story = ConfigStory().config("term.progress.when = 'always'");
  CHECK(refusal(story) == "\"always\" progress requires a `width` key");
  story.variable("CARGO_TERM_PROGRESS_WIDTH", "60");
  CHECK(options(story).progress == Progress::kAlways);
  CHECK(options(story).progress_width == 60);
  CHECK(options(ConfigStory().variable("CARGO_TERM_PROGRESS_WHEN", "never")).progress == Progress::kNever);
  CHECK(refusal(ConfigStory().variable("CARGO_TERM_PROGRESS_WHEN", "often")) ==
        "error in environment variable `CARGO_TERM_PROGRESS_WHEN`: could not load config key `term.progress.when`\n"
        "<- unknown variant `often`, expected one of `auto`, `never`, `always`");
  CHECK(refusal(ConfigStory().variable("CARGO_TERM_PROGRESS_WIDTH", "x")) ==
        "error in environment variable `CARGO_TERM_PROGRESS_WIDTH`: invalid digit found in string");
}

TEST_CASE("switches that are off are not the same as none") {
  const TerminalOptions found = options(ConfigStory().config("[term]\nhyperlinks = false\nunicode = true"));
  CHECK(found.hyperlinks == false);
  CHECK(found.unicode == true);
  CHECK_FALSE(found.term_integration);
}

}  // namespace
}  // namespace pcargo::prepare
