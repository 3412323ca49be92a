// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/timings_command.h"

#include "cli/local_time.h"
#include "cli/screen.h"
#include "cli/where.h"
#include "platform/files.h"
#include "platform/terminal.h"
#include "record/journal.h"
#include "record/journal_reader.h"
#include "report/text.h"
#include "report/timings.h"
#include "report/timings_diff.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <charconv>
#include <cstdio>

namespace pcargo::cli {

namespace {

constexpr const char* kHelp = R"(Tells what a build waited for, and what would make it shorter

Usage: pcargo timings [OPTIONS]

Options:
      --build <N>               The last build but N-1: 1, the default, is the last
      --list                    The builds that can be told of
      --what-if <CHANGES>       How long it would take with them, simulated: cores=8, cores=2..64, NAME=0, NAME=50%,
                                NAME=1.5s; several, joined by commas, hold together. May be given again
      --diff <A> <B>            What became slower from build A to build B, and what was built in one of them only
      --fail-if <CONDITION>     With --diff: ends with exit code 2 when it holds of B: 'wall>+10%', 'wall>+2s', 'wall>30s'
      --format <FORMAT>         text or json
      --journal <FILE>          A journal, instead of one of this workspace
      --manifest-path <PATH>    Path to Cargo.toml
      --target-dir <DIRECTORY>  Directory for all generated artifacts
      --config <KEY=VALUE>      Override a configuration value
      --color <WHEN>            Coloring [possible values: auto, always, never]

Every build that runs anything leaves a journal below the build directory; the last 20 stay.
)";

constexpr unsigned kColumns = 80;
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;

/// What was typed behind `timings`.
struct TimingsOptions {
  CLI::App app;
  WhereOptions where{app};
  const CLI::Option* build = add_value(app, "--build");
  const CLI::Option* what_if = add_value(app, "--what-if");
  const CLI::Option* diff = app.add_option("--diff")->type_size(2)->expected(2)->allow_extra_args(false)->take_last();
  const CLI::Option* fail_if = add_value(app, "--fail-if");
  const CLI::Option* format = add_value(app, "--format");
  const CLI::Option* journal = add_value(app, "--journal");
  const CLI::Option* color = add_value(app, "--color");
  const CLI::Option* list = app.add_flag("--list");
  const CLI::Option* help = nullptr;

  TimingsOptions() {
    app.set_help_flag();
    help = app.add_flag("-h,--help");
  }
};

Result<void> parse(const std::vector<std::string>& arguments, TimingsOptions* options) {
  PCARGO_TRY(parse_words(options->app, arguments));
  if (const auto words = options->app.remaining(); !words.empty()) {
    return Error{ErrorKind::kUsage, "unexpected argument `" + words.front() + "`: see `pcargo timings --help`"};
  }
  return {};
}

/// The last one given, or `otherwise`.
std::string value_of(const CLI::Option* option, const std::string& otherwise) {
  return option->count() > 0 ? option->results().back() : otherwise;
}

Result<record::Timeline> read(const std::string& file) {
  PCARGO_ASSIGN(const auto text, platform::read_regular_file(file, kMostBytes));
  auto timeline = record::read_journal(text);
  if (!timeline) {
    return std::move(timeline).error().context("failed to read the journal `" + file + "`");
  }
  return timeline;
}

std::string when(const record::Timeline& timeline) {
  return local_time(timeline.head.began_at_ms / 1000);
}

Result<std::vector<std::string>> find_journals(const Session& session,
                                               const std::optional<std::string>& toolchain,
                                               const TimingsOptions& options) {
  if (options.journal->count() > 0) {
    return options.journal->results();
  }
  PCARGO_ASSIGN(const auto directory, options.where.find_private_root(session, toolchain));
  auto journals = record::list_journals(directory);
  if (journals.empty()) {
    return Error{ErrorKind::kInput, "pcargo knows of no build in `" + directory + "` that ran anything"};
  }
  return journals;
}

std::string list(const std::vector<std::string>& journals) {
  std::string text;
  for (std::size_t i = 0; i < journals.size(); ++i) {
    const auto timeline = read(journals[i]);
    text += timeline ? fmt::format("{:>3}  {}  {:>8.2f} s  {}{}\n",
                                   i + 1,
                                   when(*timeline),
                                   static_cast<double>(timeline->end) / 1e6,
                                   report::tame(timeline->head.command, kColumns),
                                   timeline->is_whole ? "" : " (a part)")
                     : fmt::format("{:>3}  {}\n", i + 1, timeline.error().message);
  }
  return text;
}

Result<std::string> choose(const std::vector<std::string>& journals, const std::string& number) {
  std::size_t build = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), build);
  if (error != std::errc() || end != number.data() + number.size() || build == 0 || build > journals.size()) {
    return Error{
        ErrorKind::kUsage,
        fmt::format("there is no build `{}`: they are numbered from 1, the last, to {}; see `pcargo timings --list`",
                    number,
                    journals.size())};
  }
  return journals[build - 1];
}

/// Exit code 2 for a condition that holds.
struct Answer {
  std::string text;
  int code = 0;
};

Result<Answer> compare(const std::vector<std::string>& journals, const TimingsOptions& options) {
  const auto numbers = options.diff->results();
  PCARGO_ASSIGN(const auto first, choose(journals, numbers.front()));
  PCARGO_ASSIGN(const auto second, choose(journals, numbers.back()));
  PCARGO_ASSIGN(const auto before, read(first));
  PCARGO_ASSIGN(const auto after, read(second));
  Answer answer{report::timings_diff(before, after)};
  for (const auto& condition : options.fail_if->results()) {
    PCARGO_ASSIGN(const bool is_so, report::holds(condition, before, after));
    if (is_so) {
      constexpr int kConditionHolds = 2;
      answer.text += "\n" + condition + ": so it is\n";
      answer.code = kConditionHolds;
    }
  }
  return answer;
}

Result<Answer> answer(const Session& session,
                      const std::optional<std::string>& toolchain,
                      const TimingsOptions& options) {
  const std::string format = value_of(options.format, "text");
  if (format != "text" && format != "json") {
    return Error{ErrorKind::kUsage, "--format must be text or json, but is `" + format + "`"};
  }
  PCARGO_ASSIGN(const auto journals, find_journals(session, toolchain, options));
  if (options.list->count() > 0) {
    return Answer{list(journals)};
  }
  if (options.diff->count() > 0) {
    return compare(journals, options);
  }
  if (options.fail_if->count() > 0) {
    return Error{ErrorKind::kUsage, "--fail-if goes with --diff"};
  }
  PCARGO_ASSIGN(const auto file, choose(journals, value_of(options.build, "1")));
  PCARGO_ASSIGN(const auto timeline, read(file));
  if (options.what_if->count() > 0) {
    std::vector<report::WhatIf> answers;
    for (const auto& words : options.what_if->results()) {
      PCARGO_ASSIGN(const auto more, report::what_if(timeline, words));
      answers.insert(answers.end(), more.begin(), more.end());
    }
    return Answer{report::what_if_as_text(timeline, answers)};
  }
  const auto timings = report::analyse(timeline);
  const unsigned columns = platform::terminal_width(STDOUT_FILENO).value_or(kColumns);
  return Answer{format == "json" ? report::timings_as_json(timeline, timings)
                                 : report::timings_as_text(timeline, timings, when(timeline), columns)};
}

}  // namespace

int run_timings_command(const Session& session,
                        const std::optional<std::string>& toolchain,
                        const std::vector<std::string>& arguments) {
  TimingsOptions options;
  const auto parsed = parse(arguments, &options);
  if (parsed && options.help->count() > 0) {
    std::fputs(kHelp, stdout);
    return 0;
  }
  prepare::CommandLine line;
  if (parsed && options.color->count() > 0) {
    line.color = options.color->results().back();
  }
  Screen screen(early_options(line), session.environment);
  const auto answered = parsed ? answer(session, toolchain, options) : Result<Answer>(parsed.error());
  if (!answered) {
    screen.shell().display_error(answered.error());
    return answered.error().kind == ErrorKind::kUsage ? 1 : 101;
  }
  std::fputs(answered->text.c_str(), stdout);
  return answered->code;
}

}  // namespace pcargo::cli
