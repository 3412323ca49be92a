// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/options.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

namespace pcargo::cli {

namespace {

/// What an option does to us.
enum class Use {
  kPlanner,  ///< the planner needs it, we do not
  kOwn,      ///< ours alone
  kBoth,
  kUnsupported,  ///< known to cargo, not honoured here yet: the whole command is cargo's
};

enum class Arity { kFlag, kValue, kOptionalValue };

struct OptionSpec {
  const char* names;  ///< CLI11's form: "-p,--package"
  Arity arity;
  Use use;
  const char*
      commands;  ///< letters of the commands that have it: b(uild) c(heck) r(un) u (rustc); p: any that is planned
  const char* help;
};

constexpr OptionSpec kOptions[] = {
    {"-p,--package", Arity::kValue, Use::kPlanner, "bcru", "Package to build (see `cargo help pkgid`)"},
    {"--workspace", Arity::kFlag, Use::kPlanner, "bc", "Build all packages in the workspace"},
    {"--all", Arity::kFlag, Use::kPlanner, "bc", "Alias for --workspace (deprecated)"},
    {"--exclude", Arity::kValue, Use::kPlanner, "bc", "Exclude packages from the build"},
    {"--lib", Arity::kFlag, Use::kBoth, "bcu", "Build only this package's library"},
    {"--bins", Arity::kFlag, Use::kBoth, "bcu", "Build all binaries"},
    {"--bin", Arity::kValue, Use::kBoth, "bcru", "Build only the specified binary"},
    {"--examples", Arity::kFlag, Use::kBoth, "bcu", "Build all examples"},
    {"--example", Arity::kValue, Use::kBoth, "bcru", "Build only the specified example"},
    {"--tests", Arity::kFlag, Use::kBoth, "bcu", "Build all targets that have `test = true` set"},
    {"--test", Arity::kValue, Use::kBoth, "bcu", "Build only the specified test target"},
    {"--benches", Arity::kFlag, Use::kBoth, "bcu", "Build all targets that have `bench = true` set"},
    {"--bench", Arity::kValue, Use::kBoth, "bcu", "Build only the specified bench target"},
    {"--all-targets", Arity::kFlag, Use::kBoth, "bcu", "Build all targets"},
    {"-F,--features", Arity::kValue, Use::kPlanner, "bcru", "Space or comma separated list of features to activate"},
    {"--all-features", Arity::kFlag, Use::kPlanner, "bcru", "Activate all available features"},
    {"--no-default-features", Arity::kFlag, Use::kPlanner, "bcru", "Do not activate the `default` feature"},
    {"-r,--release", Arity::kFlag, Use::kBoth, "bcru", "Build artifacts in release mode, with optimizations"},
    {"--profile", Arity::kValue, Use::kBoth, "bcru", "Build artifacts with the specified profile"},
    {"-j,--jobs", Arity::kValue, Use::kOwn, "bcru", "Number of parallel jobs, defaults to # of CPUs."},
    {"--keep-going", Arity::kFlag, Use::kOwn, "bcru", "Do not abort the build as soon as there is an error"},
    {"--target", Arity::kValue, Use::kBoth, "bcru", "Build for the target triple"},
    {"--target-dir", Arity::kValue, Use::kBoth, "bcru", "Directory for all generated artifacts"},
    {"--artifact-dir", Arity::kValue, Use::kUnsupported, "b", nullptr},
    {"--out-dir", Arity::kValue, Use::kUnsupported, "b", nullptr},
    {"--build-plan",
     Arity::kOptionalValue,
     Use::kOwn,
     "b",
     "Read cargo's build plan from a file, - is stdin (pcargo's own)"},
    {"--unit-graph",
     Arity::kOptionalValue,
     Use::kOwn,
     "bc",
     "Read the unit graph from a file, - is stdin (pcargo's own)"},
    {"--unit-graph", Arity::kFlag, Use::kUnsupported, "ru", nullptr},
    {"--plan", Arity::kValue, Use::kOwn, "b", "Build what `pcargo plan` printed to a file, - is stdin (pcargo's own)"},
    {"--timings", Arity::kFlag, Use::kOwn, "bcru", "Output a build timing report at the end of the build"},
    {"--compile-time-deps", Arity::kFlag, Use::kUnsupported, "bcru", nullptr},
    {"--crate-type",
     Arity::kValue,
     Use::kPlanner,
     "u",
     "Comma separated list of types of crates for the compiler to emit"},
    {"--print", Arity::kValue, Use::kUnsupported, "u", nullptr},
    {"--manifest-path", Arity::kValue, Use::kBoth, "bcru", "Path to Cargo.toml"},
    {"--lockfile-path", Arity::kValue, Use::kUnsupported, "bcru", nullptr},
    {"--ignore-rust-version", Arity::kFlag, Use::kPlanner, "bcru", "Ignore `rust-version` specification in packages"},
    {"--locked", Arity::kFlag, Use::kBoth, "bcru", "Assert that `Cargo.lock` will remain unchanged"},
    {"--offline", Arity::kFlag, Use::kBoth, "bcru", "Run without accessing the network"},
    {"--frozen", Arity::kFlag, Use::kBoth, "bcru", "Equivalent to specifying both --locked and --offline"},
    {"--config", Arity::kValue, Use::kBoth, "bcru", "Override a configuration value"},
    {"-Z", Arity::kValue, Use::kBoth, "bcru", "Unstable (nightly-only) flags to Cargo"},
    {"-C", Arity::kValue, Use::kUnsupported, "bcru", nullptr},
    {"--message-format", Arity::kValue, Use::kOwn, "bcru", "Error format"},
    {"--format", Arity::kValue, Use::kOwn, "p", "json, dot or build-plan"},
    {"--explain", Arity::kFlag, Use::kOwn, "bcru", "Say of each unit that is built why it must be (pcargo's own)"},
    {"--late-link",
     Arity::kOptionalValue,  // without one it is refused with the words that say which there are
     Use::kOwn,
     "bcru",
     "Start units that link before all they link is there: auto, always, never, verify (pcargo's own)"},
    {"--memory",
     Arity::kOptionalValue,
     Use::kOwn,
     "bcru",
     "Run no more at once than is predicted to take this: a size like 4G, auto, none (pcargo's own)"},
    {"--no-plan-cache", Arity::kFlag, Use::kOwn, "bcru", "Plan anew, and keep no plan (pcargo's own)"},
    {"--future-incompat-report",
     Arity::kFlag,
     Use::kOwn,
     "bcu",
     "Outputs a future incompatibility report at the end of the build"},
    {"-v,--verbose", Arity::kFlag, Use::kOwn, "bcru", "Use verbose output (-vv very verbose/build.rs output)"},
    {"-q,--quiet", Arity::kFlag, Use::kOwn, "bcru", "Do not print cargo log messages"},
    {"--color", Arity::kValue, Use::kOwn, "bcru", "Coloring [possible values: auto, always, never]"},
};

char letter_of(const std::string& command) {
  static const std::map<std::string, char> kLetters{{"build", 'b'}, {"check", 'c'}, {"run", 'r'}, {"rustc", 'u'}};
  return kLetters.at(command);
}

bool has(const OptionSpec& spec, char letter) {
  return std::string_view(spec.commands).find(letter) != std::string_view::npos;
}

/// The name that an option goes by here: the long one where it has two.
std::string canonical_name(const OptionSpec& spec) {
  const std::string_view names = spec.names;
  const auto comma = names.find(',');
  return std::string(comma == std::string_view::npos ? names : names.substr(comma + 1));
}

/// Words up to the first `--`, and those behind it.
std::pair<std::vector<std::string>, std::optional<std::vector<std::string>>> split_trailing(
    const std::vector<std::string>& arguments) {
  const auto dashes = std::find(arguments.begin(), arguments.end(), "--");
  std::vector<std::string> before(arguments.begin(), dashes);
  if (dashes == arguments.end()) {
    return {before, std::nullopt};
  }
  return {before, std::vector<std::string>(dashes + 1, arguments.end())};
}

/// The values of one option as CLI11 found them.
class Values {
 public:
  explicit Values(const std::map<std::string, CLI::Option*>& options) : options_(options) {}

  std::size_t count(const std::string& name) const {
    const auto option = options_.find(name);
    return option == options_.end() ? 0 : option->second->count();
  }
  bool flag(const std::string& name) const { return count(name) > 0; }
  std::vector<std::string> all(const std::string& name) const {
    const auto option = options_.find(name);
    return option == options_.end() ? std::vector<std::string>() : option->second->results();
  }
  std::optional<std::string> last(const std::string& name) const {
    auto values = all(name);
    return values.empty() ? std::nullopt : std::optional(values.back());
  }

 private:
  const std::map<std::string, CLI::Option*>& options_;
};

void fill(const Values& values, prepare::CommandLine* line) {
  line->manifest_path = values.last("--manifest-path");
  line->target_dir = values.last("--target-dir");
  line->targets = values.all("--target");
  line->release = values.flag("--release");
  line->profile = values.last("--profile");
  line->jobs = values.last("--jobs");
  line->keep_going = values.flag("--keep-going");
  line->selection.all_targets = values.flag("--all-targets");
  line->selection.lib = values.flag("--lib");
  line->selection.bins = values.flag("--bins") || values.flag("--bin");
  line->selection.examples = values.flag("--examples") || values.flag("--example");
  line->selection.tests = values.flag("--tests") || values.flag("--test");
  line->selection.benches = values.flag("--benches") || values.flag("--bench");
  line->config = values.all("--config");
  line->unstable = values.all("-Z");
  line->locked = values.flag("--locked");
  line->offline = values.flag("--offline");
  line->frozen = values.flag("--frozen");
  line->verbose = static_cast<int>(values.count("--verbose"));
  line->quiet = values.flag("--quiet");
  line->color = values.last("--color");
  line->message_formats = values.all("--message-format");
  line->timings = values.flag("--timings");
  line->explain = values.flag("--explain");
  line->no_plan_cache = values.flag("--no-plan-cache");
  line->late_link = values.last("--late-link");
  line->memory = values.last("--memory");
  line->plan_file = values.last("--plan");
  line->unit_graph_file = values.last("--unit-graph");
  line->build_plan_file = values.last("--build-plan");
  line->future_incompat_report = values.flag("--future-incompat-report");
}

std::vector<std::string> planner_arguments(const Values& values, char letter) {
  std::vector<std::string> arguments;
  for (const auto& spec : kOptions) {
    const std::string name = canonical_name(spec);
    if (!has(spec, letter) || (spec.use != Use::kPlanner && spec.use != Use::kBoth) || !values.flag(name)) {
      continue;
    }
    if (spec.arity == Arity::kFlag) {
      arguments.push_back(name);
      continue;
    }
    for (const auto& value : values.all(name)) {
      arguments.push_back(name);
      arguments.push_back(value);
    }
  }
  return arguments;
}

std::optional<std::string> unsupported_option(const Values& values, char letter) {
  if (const auto file = values.last("--build-plan"); file && file->empty()) {
    return "`--build-plan` without a file is cargo's own";
  }
  for (const auto& spec : kOptions) {
    const std::string name = canonical_name(spec);
    if (has(spec, letter) && spec.use == Use::kUnsupported && values.flag(name)) {
      return "`" + name + "` is not honoured by pcargo yet";
    }
    if (has(spec, letter) && name == "--unit-graph" && values.flag(name) && values.last(name)->empty()) {
      return "`--unit-graph` without a file is cargo's own";
    }
  }
  return std::nullopt;
}

}  // namespace

Invocation split_command(const std::vector<std::string>& words) {
  static const std::set<std::string_view> kWithValue{"--color", "--config", "-C", "-Z", "--explain"};
  Invocation invocation;
  std::size_t i = 0;
  if (i < words.size() && words[i].size() > 1 && words[i].front() == '+') {
    invocation.toolchain = words[i++].substr(1);
  }
  for (; i < words.size() && words[i].size() > 1 && words[i].front() == '-'; ++i) {
    invocation.globals.push_back(words[i]);
    if (kWithValue.count(words[i]) != 0 && i + 1 < words.size()) {
      invocation.globals.push_back(words[++i]);
    }
  }
  if (i < words.size()) {
    invocation.command = words[i++];
  }
  invocation.arguments.assign(words.begin() + static_cast<std::ptrdiff_t>(std::min(i, words.size())), words.end());
  return invocation;
}

std::string expand_builtin_alias(const std::string& command) {
  static const std::map<std::string, std::string> kAliases{{"b", "build"}, {"c", "check"}, {"r", "run"}};
  const auto alias = kAliases.find(command);
  return alias == kAliases.end() ? command : alias->second;
}

bool is_own_command(const std::string& command) {
  static const std::set<std::string> kOwn{"build", "check", "run", "rustc", "clean", "why", "plan", "timings"};
  return kOwn.count(command) != 0;
}

bool is_cargo_command(const std::string& command) {
  // cargo 1.95 --list, without external commands.
  static const std::set<std::string> kCommands{"add",
                                               "b",
                                               "bench",
                                               "build",
                                               "c",
                                               "check",
                                               "clean",
                                               "config",
                                               "d",
                                               "doc",
                                               "fetch",
                                               "fix",
                                               "generate-lockfile",
                                               "help",
                                               "info",
                                               "init",
                                               "install",
                                               "locate-project",
                                               "login",
                                               "logout",
                                               "metadata",
                                               "new",
                                               "owner",
                                               "package",
                                               "pkgid",
                                               "publish",
                                               "r",
                                               "read-manifest",
                                               "remove",
                                               "report",
                                               "rm",
                                               "run",
                                               "rustc",
                                               "rustdoc",
                                               "search",
                                               "t",
                                               "test",
                                               "tree",
                                               "uninstall",
                                               "update",
                                               "vendor",
                                               "verify-project",
                                               "version",
                                               "yank"};
  return kCommands.count(command) != 0;
}

namespace {

ParsedOptions parse(const std::string& command, const std::vector<std::string>& arguments, bool is_planned) {
  ParsedOptions parsed;
  auto& line = parsed.command_line;
  line.command = command;
  auto [words, trailing] = split_trailing(arguments);

  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  app.prefix_command();  // `run` takes the first word that is no option, and all that follow, for the program
  std::map<std::string, CLI::Option*> options;
  const char letter = letter_of(command);
  for (const auto& spec : kOptions) {
    if (!has(spec, letter) && !(is_planned && has(spec, 'p'))) {
      continue;
    }
    auto*& option = options[canonical_name(spec)];
    if (spec.arity == Arity::kFlag) {
      option = app.add_flag(spec.names);
    } else {
      const int least = spec.arity == Arity::kOptionalValue ? 0 : 1;
      option = app.add_option(spec.names)->type_size(1)->expected(least, 1);
      option->allow_extra_args(false)->take_all();
    }
  }
  options["--help"] = app.add_flag("-h,--help");
  if (std::any_of(words.begin(), words.end(), [](const auto& word) { return word.starts_with("--timings="); })) {
    parsed.hand_over = "`--timings` with a format is cargo's own";
    return parsed;
  }
  try {
    std::reverse(words.begin(), words.end());  // CLI11 takes a stack
    app.parse(words);
  } catch (const CLI::Error& error) {
    parsed.hand_over = error.what();
    return parsed;
  }
  const Values values(options);
  parsed.help = values.flag("--help");
  parsed.format = values.last("--format");
  fill(values, &line);
  line.planner_arguments = planner_arguments(values, letter);

  std::vector<std::string> rest = app.remaining();
  if (!rest.empty() && (rest.front().front() == '-' || command != "run")) {
    parsed.hand_over = "`" + rest.front() + "` is not an option that pcargo knows";
    return parsed;
  }
  if (trailing) {
    if (!rest.empty()) {
      rest.emplace_back("--");
    }
    rest.insert(rest.end(), trailing->begin(), trailing->end());
  }
  if (!rest.empty() && command != "run" && command != "rustc") {
    parsed.hand_over = "`" + command + "` takes no arguments after `--`";
    return parsed;
  }
  line.trailing_arguments = std::move(rest);
  parsed.hand_over = unsupported_option(values, letter);
  return parsed;
}

}  // namespace

ParsedOptions parse_compile_options(const std::string& command, const std::vector<std::string>& arguments) {
  return parse(command, arguments, false);
}

ParsedOptions parse_plan_options(const Invocation& invocation) {
  static const std::set<std::string> kPlanned{"build", "check", "run", "rustc"};
  auto words = invocation.arguments;
  std::string command = words.empty() ? "" : expand_builtin_alias(words.front());
  if (kPlanned.count(command) != 0) {
    words.erase(words.begin());
  } else {
    command = "build";
  }
  words.insert(words.begin(), invocation.globals.begin(), invocation.globals.end());
  return parse(command, words, true);
}

std::string compile_help(const std::string& command) {
  std::string text;
  const char letter = letter_of(command);
  for (const auto& spec : kOptions) {
    if (!has(spec, letter) || spec.help == nullptr) {
      continue;
    }
    std::string names = spec.names;
    if (auto comma = names.find(','); comma != std::string::npos) {
      names.replace(comma, 1, ", ");
    } else if (names.rfind("--", 0) == 0) {
      names = "    " + names;
    }
    names += spec.arity == Arity::kFlag ? "" : " <VALUE>";
    text += "  " + names + std::string(names.size() < 30 ? 30 - names.size() : 1, ' ') + spec.help + "\n";
  }
  return text;
}

}  // namespace pcargo::cli
