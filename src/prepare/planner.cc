// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/planner.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace pcargo::prepare {
namespace {

using Words = std::vector<std::string>;

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

/// Where cargo's own arguments end.
Words::const_iterator end_of_options(const Words& arguments) {
  return std::find(arguments.begin(), arguments.end(), "--");
}

void append(Words* words, const std::string& option, const Words& values) {
  for (const std::string& value : values) {
    words->insert(words->end(), {option, value});
  }
}

}  // namespace

std::vector<std::string> cargo_arguments(const CommandLine& line) {
  Words words = line.planner_arguments;
  for (int i = 0; i < line.verbose; ++i) {
    words.emplace_back("-v");
  }
  if (line.quiet) {
    words.emplace_back("-q");
  }
  if (line.keep_going) {
    words.emplace_back("--keep-going");
  }
  if (line.color) {
    words.insert(words.end(), {"--color", *line.color});
  }
  if (line.jobs) {
    words.push_back("--jobs=" + *line.jobs);  // a negative number would be taken for an option
  }
  append(&words, "--message-format", line.message_formats);
  return words;
}

namespace {

Words planning_command(const PlanRequest& request, const char* flag) {
  Words words = {request.cargo, request.command, flag};
  const auto z_flags = option_values(request.arguments, "", 'Z');
  if (std::find(z_flags.begin(), z_flags.end(), "unstable-options") == z_flags.end()) {
    words.insert(words.end(), {"-Z", "unstable-options"});
  }
  auto end = end_of_options(request.arguments);
  words.insert(words.end(), request.arguments.begin(), end);
  words.insert(words.end(), request.extra_flags.begin(), request.extra_flags.end());
  append(&words, "--config", request.extra_config);
  words.insert(words.end(), end, request.arguments.end());
  return words;
}

}  // namespace

std::vector<std::string> unit_graph_command(const PlanRequest& request) {
  return planning_command(request, "--unit-graph");
}

std::vector<std::string> build_plan_command(const PlanRequest& request) {
  Words words = planning_command(request, "--build-plan");
  const auto has_no_place = [](const std::string& word) {
    return word == "--target-dir" || word == "--message-format";
  };
  for (auto word = words.begin(); (word = std::find_if(word, words.end(), has_no_place)) != words.end();) {
    word = words.erase(word, word + std::min<std::ptrdiff_t>(2, words.end() - word));
  }
  words.erase(std::remove(words.begin(), words.end(), "-v"), words.end());
  return words;
}

std::vector<std::string> metadata_command(const PlanRequest& request, bool coloured) {
  Words words = {request.cargo, "metadata", "--no-deps", "--format-version", "1"};
  append(&words, "--manifest-path", option_values(request.arguments, "--manifest-path"));
  append(&words, "--lockfile-path", option_values(request.arguments, "--lockfile-path"));
  append(&words, "--config", option_values(request.arguments, "--config"));
  append(&words, "-Z", option_values(request.arguments, "", 'Z'));
  for (const char* flag : {"--offline", "--locked", "--frozen"}) {
    if (has_flag(request.arguments, flag)) {
      words.emplace_back(flag);
    }
  }
  auto colour = option_values(request.arguments, "--color");
  if (colour.empty() && coloured) {
    colour = {"always"};
  }
  append(&words, "--color", colour);
  return words;
}

Environment planning_environment(Environment environment, bool unlock) {
  // Answers that are not plain cargo's must not get into its cache.
  environment.set("CARGO_CACHE_RUSTC_INFO", "0");
  if (!unlock) {
    return environment;
  }
  // Not RUSTC_BOOTSTRAP: rustc would see it too, and answer as a nightly.
  environment.set("__CARGO_TEST_CHANNEL_OVERRIDE_DO_NOT_USE_THIS", "nightly");
  environment.remove("CARGO_COMPLETE");
  Words unstable;
  for (const auto& [name, value] : environment) {
    if (starts_with(name, "CARGO_UNSTABLE_")) {
      unstable.push_back(name);
    }
  }
  for (const std::string& name : unstable) {
    environment.remove(name);
  }
  return environment;
}

std::vector<std::string> option_values(const std::vector<std::string>& arguments,
                                       const std::string& name,
                                       char short_name) {
  Words values;
  const std::string short_form = short_name == '\0' ? std::string() : std::string{'-', short_name};
  auto end = end_of_options(arguments);
  for (auto word = arguments.begin(); word != end; ++word) {
    bool is_short = !short_form.empty() && starts_with(*word, short_form);
    if ((!name.empty() && *word == name) || (is_short && word->size() == 2)) {
      if (++word == end) {
        break;
      }
      values.push_back(*word);
    } else if (!name.empty() && starts_with(*word, name + "=")) {
      values.push_back(word->substr(name.size() + 1));
    } else if (is_short) {
      values.push_back(word->substr((*word)[2] == '=' ? 3 : 2));
    }
  }
  return values;
}

bool has_flag(const std::vector<std::string>& arguments, const std::string& name) {
  auto end = end_of_options(arguments);
  return std::find(arguments.begin(), end, name) != end;
}

}  // namespace pcargo::prepare
