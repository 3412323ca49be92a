// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/timings_command.h"

#include "cli/journals.h"
#include "cli/predictions.h"
#include "cli/screen.h"
#include "cli/timings_files.h"
#include "cli/where.h"
#include "platform/real_file_system.h"
#include "platform/terminal.h"
#include "prepare/terminal_options.h"
#include "prepare/tool_lookup.h"
#include "record/journal.h"
#include "report/prediction_check.h"
#include "report/timings.h"
#include "report/timings_diff.h"
#include "report/titles.h"
#include "report/what_if.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <cstdio>
#include <utility>

namespace pcargo::cli {

namespace {

constexpr const char* kHelp = R"(Tells what a build waited for, and what would make it shorter

Usage: pcargo timings [OPTIONS]

Options:
      --build <N>               The last build but N-1: 1, the default, is the last
      --list                    The builds that can be told of
      --keep <N>                Removes what is known of all but the last N builds
      --what-if <CHANGES>       How long it would take with them, simulated: cores=8, cores=2..64, memory=8G,
                                late-link=never|auto, cached=deps, NAME=0, NAME=50%, NAME=1.5s, 'drop NAME',
                                'split NAME 3'; several, joined by commas, hold together. A NAME is a package's,
                                or NAME@VERSION. May be given again
      --check                   What was predicted before the build began, what it took, and what made the difference
      --diff <A> <B>            What became slower from build A to build B, and what was built in one of them only
      --fail-if <CONDITION>     With --diff: ends with exit code 2 when it holds of B: 'wall>+10%', 'wall>+2s', 'wall>30s'
      --format <FORMAT>         text, json, csv (a line for each unit) or markdown (fits a CI job's summary)
      --html [<FILE>]           A page for a browser, with the timeline and all of this, instead; by default
                                cargo-timings/pcargo-timing.html in the target directory
      --open                    The same, and opens it
      --trace [<FILE>]          Trace events, which Perfetto and Chrome read; by default pcargo-timing.trace.json there
  -v, --all                     Each step of the path, also of a long one
      --journal <FILE>          A journal, instead of one of this workspace
      --manifest-path <PATH>    Path to Cargo.toml
      --target-dir <DIRECTORY>  Directory for all generated artifacts
      --config <KEY=VALUE>      Override a configuration value
      --color <WHEN>            Coloring [possible values: auto, always, never]

Every build that runs anything leaves a journal below the build directory; the last 20 stay, or as many as
PCARGO_KEEP_JOURNALS or `keep-journals` in the config's `[pcargo]` table says.

Exit codes: 0; 1 for words that make no sense; 2 when a condition of --fail-if holds; 101 when there is nothing to tell.
)";

constexpr unsigned kColumns = 80;

/// What was typed behind `timings`.
struct TimingsOptions {
  CLI::App app;
  WhereOptions where{app};
  const CLI::Option* build = add_value(app, "--build");
  const CLI::Option* keep = add_value(app, "--keep");
  const CLI::Option* what_if = add_value(app, "--what-if");
  const CLI::Option* check = app.add_flag("--check");
  const CLI::Option* diff = app.add_option("--diff")->type_size(2)->expected(2)->allow_extra_args(false)->take_last();
  const CLI::Option* fail_if = add_value(app, "--fail-if");
  const CLI::Option* format = add_value(app, "--format");
  const CLI::Option* journal = add_value(app, "--journal");
  const CLI::Option* color = add_value(app, "--color");
  const CLI::Option* html = add_optional_value(app, "--html");
  const CLI::Option* trace = add_optional_value(app, "--trace");
  const CLI::Option* open = app.add_flag("--open");
  const CLI::Option* all = app.add_flag("--all,-v,--verbose");
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

std::string format_of(const TimingsOptions& options) {
  return value_of(options.format, "text");
}

Result<Journals> find_journals(const Session& session,
                               const std::optional<std::string>& toolchain,
                               const TimingsOptions& options) {
  if (options.journal->count() > 0) {
    return Journals{options.journal->results(), "", ""};
  }
  PCARGO_ASSIGN(const auto workspace, options.where.find(session, toolchain));
  const std::string directory = private_root(workspace);
  auto journals = record::list_journals(directory);
  if (journals.empty()) {
    return Error{ErrorKind::kInput, "pcargo knows of no build in `" + directory + "` that ran anything"};
  }
  return Journals{std::move(journals), workspace.target_directory, directory};
}

/// Where the file goes that `option` asks for.
Result<std::string> file_of(const CLI::Option* option, const Journals& journals, std::string_view ending) {
  if (std::string file = value_of(option, ""); !file.empty()) {
    return file;
  }
  if (journals.target_directory.empty()) {
    return Error{ErrorKind::kUsage, "with --journal say in which file it shall be, as in `--html FILE`"};
  }
  return default_timings_file(journals.target_directory, ending);
}

unsigned columns() {
  return platform::terminal_width(STDOUT_FILENO).value_or(kColumns);
}

struct Answer {
  std::string text;
  int code = 0;      ///< 2: a condition holds
  std::string page;  ///< its file; empty: none was asked for
  std::vector<std::string> warnings;
  bool is_prose = false;  ///< may be painted
};

/// For faces that have no place for it.
void warn_of_part(const record::Timeline& timeline, Answer* answer) {
  if (!timeline.is_whole) {
    answer->warnings.push_back("the build of " + when(timeline) +
                               " was killed, or its journal is damaged: this is a part of it");
  }
}

Result<Answer> compare(const std::vector<std::string>& journals, const TimingsOptions& options) {
  const auto numbers = options.diff->results();
  PCARGO_ASSIGN(const auto first, choose_build(journals, numbers.front()));
  PCARGO_ASSIGN(const auto second, choose_build(journals, numbers.back()));
  PCARGO_ASSIGN(const auto before, read_build(first));
  PCARGO_ASSIGN(const auto after, read_build(second));
  Answer answer{report::timings_diff(before, after), 0, "", {}, true};
  warn_of_part(before, &answer);
  warn_of_part(after, &answer);
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

/// The files that were asked for; no text: none was.
Result<Answer> save_files(const record::Timeline& timeline,
                          const report::Timings& timings,
                          const Journals& journals,
                          const TimingsOptions& options) {
  Answer answer;
  if (options.html->count() + options.open->count() > 0) {
    PCARGO_ASSIGN(answer.page, file_of(options.html, journals, ".html"));
    PCARGO_TRY(save_timings(answer.page, report::timings_as_page(timeline, timings, when(timeline))));
    answer.text = answer.page + "\n";
  }
  if (options.trace->count() > 0) {
    PCARGO_ASSIGN(const auto trace, file_of(options.trace, journals, ".trace.json"));
    PCARGO_TRY(save_timings(trace, report::timings_as_trace(timeline, timings)));
    answer.text += trace + "\n";
  }
  return answer;
}

std::string in_format(const TimingsOptions& options, const record::Timeline& timeline, const report::Timings& timings) {
  const std::string format = format_of(options);
  if (format == "json") {
    return report::timings_as_json(timeline, timings);
  }
  if (format == "csv") {
    return report::timings_as_csv(timeline, timings);
  }
  if (format == "markdown") {
    return report::timings_as_markdown(timeline, timings, when(timeline));
  }
  return report::timings_as_text(timeline, timings, when(timeline), {columns(), options.all->count() > 0});
}

Result<Answer> answer(const Session& session,
                      const std::optional<std::string>& toolchain,
                      const TimingsOptions& options) {
  const std::string format = format_of(options);
  if (format != "text" && format != "json" && format != "csv" && format != "markdown") {
    return Error{ErrorKind::kUsage, "--format must be text, json, csv or markdown, but is `" + format + "`"};
  }
  PCARGO_ASSIGN(const auto journals, find_journals(session, toolchain, options));
  if (options.keep->count() > 0) {
    PCARGO_ASSIGN(auto said, keep_builds(journals, options.keep->results().back()));
    return Answer{std::move(said)};
  }
  if (options.list->count() > 0) {
    return Answer{list_builds(journals.files, columns()), 0, "", {}, true};
  }
  if (options.diff->count() > 0) {
    return compare(journals.files, options);
  }
  if (options.fail_if->count() > 0) {
    return Error{ErrorKind::kUsage, "--fail-if goes with --diff"};
  }
  PCARGO_ASSIGN(const auto file, choose_build(journals.files, value_of(options.build, "1")));
  PCARGO_ASSIGN(const auto timeline, read_build(file));
  if (options.check->count() > 0) {
    const auto check = report::check_prediction(timeline);
    if (!check) {
      return Error{
          ErrorKind::kInput,
          "of this build there is nothing to check: it did not end well, or its journal is from an earlier pcargo"};
    }
    return Answer{report::check_as_text(
        timeline, *check, when(timeline), asked_before(timeline, file, journals), other_checks(journals.files, file))};
  }
  if (options.what_if->count() > 0) {
    auto checks = other_checks(journals.files, file);
    if (auto own = report::check_prediction(timeline)) {
      checks.push_back(*std::move(own));
    }
    PCARGO_ASSIGN(const auto answers,
                  report::what_if(timeline, options.what_if->results(), report::usual_error(checks, timeline.end)));
    remember(answers, journals);
    Answer answer{report::what_if_as_text(timeline, answers)};
    warn_of_part(timeline, &answer);
    return answer;
  }
  const auto timings = report::analyse(timeline);
  PCARGO_ASSIGN(auto saved, save_files(timeline, timings, journals, options));
  const bool is_saved = !saved.text.empty();
  Answer answer = is_saved ? std::move(saved) : Answer{in_format(options, timeline, timings)};
  answer.is_prose = !is_saved && format == "text";
  if (is_saved || format == "csv" || format == "json") {
    warn_of_part(timeline, &answer);
  }
  return answer;
}

/// As config says; what is wrong with that does not matter here.
prepare::TerminalOptions terminal_options(const Session& session, const prepare::CommandLine& line) {
  const platform::RealFileSystem files;
  cargo::ConfigSources sources;
  sources.current_directory = session.current_directory;
  sources.cargo_home = prepare::cargo_home(session.environment, session.current_directory);
  const auto config = cargo::Config::load(files, session.environment, sources);
  auto options =
      config ? prepare::resolve_terminal_options(*config, line) : Result<prepare::TerminalOptions>(config.error());
  return options ? *std::move(options) : early_options(line);
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
  Screen screen(terminal_options(session, line), session.environment);
  const auto answered = parsed ? answer(session, toolchain, options) : Result<Answer>(parsed.error());
  if (!answered) {
    screen.shell().display_error(answered.error());
    return answered.error().kind == ErrorKind::kUsage ? 1 : 101;
  }
  for (const std::string& warning : answered->warnings) {
    screen.shell().warn(warning);
  }
  const bool is_painted = answered->is_prose && screen.shell().options().stdout_color;
  std::fputs((is_painted ? report::with_bold_titles(answered->text) : answered->text).c_str(), stdout);
  if (!answered->page.empty() && options.open->count() > 0) {
    screen.shell().display_error(open_in_browser(session, answered->page));
    return 101;
  }
  return answered->code;
}

}  // namespace pcargo::cli
