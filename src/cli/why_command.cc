// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/why_command.h"

#include "cli/local_time.h"
#include "cli/screen.h"
#include "cli/where.h"
#include "freshness/last_build.h"
#include "report/text.h"
#include "report/why.h"

#include <CLI/CLI.hpp>

#include <cstdio>

namespace pcargo::cli {

namespace {

constexpr const char* kHelp = R"(Tells why the last build ran a crate, or all that it ran

Usage: pcargo why [OPTIONS] [CRATE]...

Arguments:
  [CRATE]    NAME or NAME@VERSION of a package, or NAME of a target; with the kind of target behind it
             if need be: 'app (bin)', 'app (lib)', 'app (build script)'. Without one: everything that
             ran, below what it goes back to.

Options:
      --manifest-path <PATH>    Path to Cargo.toml
      --target-dir <DIRECTORY>  Directory for all generated artifacts
      --config <KEY=VALUE>      Override a configuration value
      --color <WHEN>            Coloring [possible values: auto, always, never]

The last build is the last one that ran anything, whether it ended well or not. One that found all of its
crates fresh is not remembered. `pcargo build --explain` says the same while it builds.
)";

/// What was typed behind `why`.
struct WhyOptions {
  CLI::App app;
  WhereOptions where{app};
  const CLI::Option* color = add_value(app, "--color");
  const CLI::Option* help = nullptr;

  WhyOptions() {
    app.set_help_flag();
    help = app.add_flag("-h,--help");
  }
};

Result<void> parse(const std::vector<std::string>& arguments, WhyOptions* options) {
  PCARGO_TRY(parse_words(options->app, arguments));
  for (const auto& word : options->app.remaining()) {
    if (word.starts_with("-")) {
      return Error{ErrorKind::kUsage, "unexpected argument `" + word + "`: see `pcargo why --help`"};
    }
  }
  return {};
}

Result<std::string> answer(const Session& session,
                           const std::optional<std::string>& toolchain,
                           const WhyOptions& options) {
  PCARGO_ASSIGN(const auto workspace, options.where.find(session, toolchain));
  const std::string directory = private_root(workspace);
  const auto build = freshness::read_last_build(directory);
  if (!build) {
    return Error{ErrorKind::kInput, "pcargo knows of no build in `" + directory + "` that ran anything"};
  }
  std::string text = report::headline(*build, local_time(build->ended_at));
  const auto crates = options.app.remaining();
  for (const auto& wanted : crates) {
    PCARGO_ASSIGN(const auto units, report::find_units(*build, wanted));
    text += report::why_units(*build, units);
  }
  return crates.empty() ? text + report::why_all(*build) : text;
}

}  // namespace

int run_why_command(const Session& session,
                    const std::optional<std::string>& toolchain,
                    const std::vector<std::string>& arguments) {
  WhyOptions options;
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
  const auto text = parsed ? answer(session, toolchain, options) : Result<std::string>(parsed.error());
  if (!text) {
    screen.shell().display_error(text.error());
    return text.error().kind == ErrorKind::kUsage ? 1 : 101;
  }
  std::fputs(report::strip_ansi(*text).c_str(), stdout);
  return 0;
}

}  // namespace pcargo::cli
