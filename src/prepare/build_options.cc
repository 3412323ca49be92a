// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/build_options.h"

#include "base/path.h"
#include "cargo/text.h"
#include "prepare/config_choice.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <set>
#include <string_view>
#include <utility>

namespace pcargo::prepare {
namespace {

using cargo::Config;
using cargo::ConfigKey;
using cargo::ConfigValue;

Error wrong(std::string message) {
  return Error{ErrorKind::kInput, std::move(message)};
}

/// As Rust's i32::parse.
std::optional<std::int32_t> parse_i32(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') {
    text.remove_prefix(1);
  }
  std::int32_t value = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc() && stop == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

Result<int> count_jobs(std::int32_t count, int cores) {
  if (count == 0) {
    return wrong("jobs may not be 0");
  }
  return count > 0 ? count : std::max(cores + count, 1);
}

Result<int> count_jobs(const std::string& word, int cores) {
  if (word != "default") {
    return wrong("could not parse `" + word + "`. Number of parallel jobs should be `default` or a number.");
  }
  return cores;
}

bool is_specification(std::string_view target) {
  return target.size() >= 5 && target.substr(target.size() - 5) == ".json";
}

/// build.target: one word, or a list; specifications are relative to where they are written.
Result<std::vector<std::string>> configured_targets(const Config& config) {
  const ConfigKey key("build.target");
  PCARGO_ASSIGN(const auto found, config.find_with_environment(key));
  std::vector<std::string> targets;
  if (!found) {
    return targets;
  }
  const auto add = [&](const std::string& target) {
    targets.push_back(is_specification(target) ? config.resolve_path({target, found->definition}) : target);
  };
  if (found->is_string()) {
    add(found->string);
    return targets;
  }
  if (found->kind != ConfigValue::Kind::kList) {
    return bad_value(key, found->definition, invalid_type(*found, "a string or array"))
        .context("error in " + found->definition.describe() + ": could not load config key `build.target`");
  }
  for (const ConfigValue& element : found->list) {
    if (!element.is_string()) {
      return bad_value(key, found->definition, invalid_type(element, "a string"));
    }
    add(element.string);
  }
  return targets;
}

/// The profile that `name` inherits from; nullopt for the roots and for one that nobody defines.
Result<std::optional<std::string>> parent_of(const Config& config,
                                             const std::string& name,
                                             const ProfileParents& manifest) {
  PCARGO_ASSIGN(auto configured, config.get_string(ConfigKey("profile").child(name).child("inherits")));
  if (configured) {
    return std::optional(std::move(configured->value));
  }
  if (const auto found = manifest.find(name); found != manifest.end()) {
    return std::optional(found->second);
  }
  if (name == "bench") {
    return std::optional<std::string>("release");
  }
  return name == "test" || name == "doc" ? std::optional<std::string>("dev") : std::nullopt;
}

/// Nobody says what `name` inherits from; `child` inherits from it, unless it is empty.
Error without_parent(const Config& config, const std::string& name, const std::string& child) {
  if (config.has_key_or_prefix(ConfigKey("profile").child(name))) {
    return wrong("profile `" + name +
                 "` is missing an `inherits` directive (`inherits` is required for all profiles except `dev` or "
                 "`release`)");
  }
  return child.empty() ? wrong("profile `" + name + "` is not defined")
                       : wrong("profile `" + child + "` inherits from `" + name + "`, but that profile is not defined");
}

Result<bool> is_release_at_root(const Config& config, std::string name, const ProfileParents& manifest) {
  std::set<std::string> seen;
  std::string child;
  while (name != "dev" && name != "release") {
    seen.insert(name);
    PCARGO_ASSIGN(auto parent, parent_of(config, name, manifest));
    if (!parent) {
      return without_parent(config, name, child);
    }
    if (seen.count(*parent) != 0) {
      return wrong("profile inheritance loop detected with profile `" + name + "` inheriting `" + *parent + "`");
    }
    child = std::exchange(name, *std::move(parent));
  }
  return name == "release";
}

Result<plan::ConfigEnv> read_env_entry(const Config& config, const ConfigKey& key, const ConfigValue& found) {
  // Cargo names the key once for the value and once for the place it remembers with it.
  const auto twice = [&](Error error) {
    const std::string doing =
        "error in " + found.definition.describe() + ": could not load config key `" + key.display() + "`";
    return std::move(error).context(doing).context(doing);
  };
  if (found.is_string()) {
    return plan::ConfigEnv{found.string};
  }
  if (!found.is_table()) {
    return twice(wrong(invalid_type(found, "a string or map")));
  }
  const auto flag = [&](const char* option) -> Result<bool> {
    PCARGO_ASSIGN(const auto value, config.get_bool(key.child(option)));
    return value && value->value;
  };
  const ConfigValue* value = found.find("value");
  if (value == nullptr) {
    return twice(wrong("missing field `value`"));
  }
  if (!value->is_string()) {
    return twice(wrong("error in " + value->definition.describe() + ": `" + key.child("value").display() +
                       "` expected a string, but found a " + std::string(value->description())));
  }
  PCARGO_ASSIGN(const bool force, flag("force"));
  PCARGO_ASSIGN(const bool is_relative, flag("relative"));
  if (!is_relative) {
    return plan::ConfigEnv{value->string, force};
  }
  std::string resolved = config.resolve_path({value->string, found.definition});
  if (value->string.empty()) {
    resolved += '/';  // as joining an empty path does in Rust; cargo's own sources count on it
  }
  return plan::ConfigEnv{std::move(resolved), force};
}

}  // namespace

Result<int> resolve_jobs(const Config& config, const std::optional<std::string>& argument, int cores) {
  if (argument) {
    const auto number = parse_i32(*argument);
    return number ? count_jobs(*number, cores) : count_jobs(*argument, cores);
  }
  const ConfigKey key("build.jobs");
  PCARGO_ASSIGN(const auto found, config.find_with_environment(key));
  if (!found) {
    return cores;
  }
  if (found->is_string()) {
    return count_jobs(found->string, cores);
  }
  const bool fits = found->integer >= INT32_MIN && found->integer <= INT32_MAX;
  if (found->kind != ConfigValue::Kind::kInteger || !fits) {
    return bad_value(key, found->definition, invalid_type(*found, "an integer or string"));
  }
  return count_jobs(static_cast<std::int32_t>(found->integer), cores);
}

Result<std::vector<std::string>> resolve_targets(const Config& config, const TargetQuestion& question) {
  std::vector<std::string> words = question.arguments;
  if (words.empty()) {
    PCARGO_ASSIGN(words, configured_targets(config));
  }
  std::vector<std::string> targets;
  for (const std::string& word : words) {
    std::string target(word == "host-tuple" ? question.host : cargo::text::trim(word));
    if (target.empty()) {
      return wrong("target was empty");
    }
    if (is_specification(target)) {
      target = path::join(config.current_directory(), target);
      target = question.canonicalize ? question.canonicalize(target) : target;
    }
    targets.push_back(std::move(target));
  }
  std::sort(targets.begin(), targets.end());
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  return targets;
}

ProfileParents profile_parents(const cargo::TomlValue& manifest) {
  ProfileParents parents;
  if (const cargo::TomlValue* profiles = manifest.find("profile")) {
    for (const auto& [name, profile] : profiles->table) {
      if (const cargo::TomlValue* inherits = profile.find("inherits"); inherits != nullptr && inherits->is_string()) {
        parents.emplace(name, inherits->string);
      }
    }
  }
  return parents;
}

std::string requested_profile(const CommandLine& line) {
  if (!line.profile) {
    return line.release ? "release" : "dev";
  }
  // `cargo rustc --profile=check` is the dev profile, checked (cargo: commands/rustc.rs).
  return line.command == "rustc" && *line.profile == "check" ? "dev" : *line.profile;
}

std::string profile_directory(const std::string& name) {
  if (name == "dev" || name == "test") {
    return "debug";
  }
  return name == "bench" ? "release" : name;
}

Result<ProfileChoice> resolve_profile(const Config& config, const CommandLine& line, const ProfileParents& manifest) {
  ProfileChoice choice;
  choice.name = requested_profile(line);
  choice.directory = profile_directory(choice.name);
  PCARGO_ASSIGN(choice.root_is_release, is_release_at_root(config, choice.name, manifest));
  return choice;
}

Result<std::map<std::string, plan::ConfigEnv>> resolve_config_env(const Config& config) {
  std::map<std::string, plan::ConfigEnv> entries;
  PCARGO_ASSIGN(auto names, config.keys("env"));
  for (const std::string& name : names) {
    const ConfigKey key = ConfigKey("env").child(name);
    PCARGO_ASSIGN(const auto found, config.find_with_environment(key));
    if (found) {
      PCARGO_ASSIGN(auto entry, read_env_entry(config, key, *found));
      entries.emplace(name, std::move(entry));
    }
  }
  for (const char* reserved : {"CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"}) {
    if (entries.count(reserved) != 0) {
      return wrong("setting the `" + std::string(reserved) +
                   "` environment variable is not supported in the `[env]` configuration table");
    }
  }
  return entries;
}

void apply_config_env(const std::map<std::string, plan::ConfigEnv>& entries, Environment* environment) {
  for (const auto& [name, entry] : entries) {
    if (entry.force || !environment->contains(name)) {
      environment->set(name, entry.value);
    }
  }
}

Result<std::optional<std::vector<std::string>>> resolve_alias(const Config& config, const std::string& name) {
  const std::string alias_name = "alias." + name;
  const ConfigKey key(alias_name);
  PCARGO_ASSIGN(const ConfigValue* in_files, config.find(key));
  const bool is_list = in_files != nullptr && in_files->kind == ConfigValue::Kind::kList;
  if (in_files != nullptr && !is_list && !in_files->is_string()) {
    return wrong("invalid configuration for key `" + key.display() + "`\nexpected a list, but found a " +
                 std::string(in_files->description()) + " for `" + key.display() + "` in " +
                 in_files->definition.describe());
  }
  std::vector<std::string> words;
  if (is_list) {
    PCARGO_ASSIGN(auto list, config.get_string_list(key));
    if (list) {
      words = std::move(list->value);
    }
  } else {
    PCARGO_ASSIGN(const auto text, config.get_string(key));
    if (!text) {
      return std::optional<std::vector<std::string>>();
    }
    std::string_view rest = text->value;
    for (auto word = cargo::text::take_word(&rest); !word.empty(); word = cargo::text::take_word(&rest)) {
      words.emplace_back(word);
    }
  }
  if (words.empty()) {
    return wrong("subcommand is required, but `" + alias_name + "` is empty");
  }
  return std::optional(std::move(words));
}

Result<std::string> resolve_warnings(const Config& config) {
  PCARGO_ASSIGN(auto warnings, get_choice(config, "build.warnings", {"warn", "allow", "deny"}));
  return warnings.value_or("warn");
}

Result<bool> shows_future_incompat(const Config& config) {
  PCARGO_ASSIGN(const auto frequency, get_choice(config, "future-incompat-report.frequency", {"always", "never"}));
  return frequency.value_or("always") == "always";
}

}  // namespace pcargo::prepare
