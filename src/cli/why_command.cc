// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/why_command.h"

#include "cli/local_time.h"
#include "cli/screen.h"
#include "cli/where.h"
#include "freshness/last_build.h"
#include "platform/real_file_system.h"
#include "report/text.h"
#include "report/why.h"

#include <CLI/CLI.hpp>

#include <algorithm>
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

struct WhyOptions {
  std::vector<std::string> crates;
  std::vector<std::string> metadata_arguments;
  std::optional<std::string> color;
  bool help = false;
};

Result<WhyOptions> parse(std::vector<std::string> arguments) {
  WhyOptions options;
  CLI::App app;
  app.set_help_flag();
  const auto value = [&app](const char* name) {
    return app.add_option(name)->type_size(1)->expected(1)->allow_extra_args(false)->take_all();
  };
  app.allow_extras();
  const auto* manifest = value("--manifest-path");
  const auto* target = value("--target-dir");
  const auto* config = value("--config");
  const auto* color = value("--color");
  const auto* help = app.add_flag("-h,--help");
  try {
    std::reverse(arguments.begin(), arguments.end());
    app.parse(arguments);
  } catch (const CLI::Error& error) {
    return Error{ErrorKind::kUsage, error.what()};
  }
  options.crates = app.remaining();
  for (const auto& word : options.crates) {
    if (word.starts_with("-")) {
      return Error{ErrorKind::kUsage, "unexpected argument `" + word + "`: see `pcargo why --help`"};
    }
  }
  options.help = help->count() > 0;
  if (color->count() > 0) {
    options.color = color->results().back();
  }
  auto& words = options.metadata_arguments;
  for (const auto* option : {manifest, config}) {
    for (const auto& text : option->results()) {
      words.insert(words.end(), {option->get_name(), text});
    }
  }
  for (const auto& text : target->results()) {
    words.insert(words.end(), {"--config", "build.target-dir=\"" + text + "\""});
  }
  return options;
}

Result<std::string> last_builds_directory(const Session& session,
                                          const std::optional<std::string>& toolchain,
                                          const WhyOptions& options) {
  const platform::RealFileSystem files;
  PCARGO_ASSIGN(
      const auto search,
      prepare::find_cargo({files, session.environment, session.current_directory, toolchain, session.own_executable}));
  if (!search.cargo) {
    return Error{ErrorKind::kInput, "there is no cargo that could say where the build directory is"};
  }
  std::string complaint;
  const auto metadata = ask_where(session, *search.cargo, options.metadata_arguments, &complaint);
  if (!metadata) {
    return Error{ErrorKind::kInput, "cargo cannot say where the build directory is", {complaint}};
  }
  return private_root(*metadata);
}

Result<std::string> answer(const Session& session,
                           const std::optional<std::string>& toolchain,
                           const WhyOptions& options) {
  PCARGO_ASSIGN(const auto directory, last_builds_directory(session, toolchain, options));
  const auto build = freshness::read_last_build(directory);
  if (!build) {
    return Error{ErrorKind::kInput, "pcargo knows of no build in `" + directory + "` that ran anything"};
  }
  std::string text = report::headline(*build, local_time(build->ended_at));
  for (const auto& wanted : options.crates) {
    PCARGO_ASSIGN(const auto units, report::find_units(*build, wanted));
    text += report::why_units(*build, units);
  }
  return options.crates.empty() ? text + report::why_all(*build) : text;
}

}  // namespace

int run_why_command(const Session& session,
                    const std::optional<std::string>& toolchain,
                    const std::vector<std::string>& arguments) {
  const auto options = parse(arguments);
  if (options && options->help) {
    std::fputs(kHelp, stdout);
    return 0;
  }
  prepare::CommandLine line;
  line.color = options ? options->color : std::nullopt;
  Screen screen(early_options(line), session.environment);
  const auto text = options ? answer(session, toolchain, *options) : Result<std::string>(options.error());
  if (!text) {
    screen.shell().display_error(text.error());
    return text.error().kind == ErrorKind::kUsage ? 1 : 101;
  }
  std::fputs(report::strip_ansi(*text).c_str(), stdout);
  return 0;
}

}  // namespace pcargo::cli
