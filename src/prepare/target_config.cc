// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/target_config.h"

#include "cargo/text.h"

#include <iterator>
#include <set>
#include <string_view>
#include <utility>

namespace pcargo::prepare {
namespace {

using cargo::BuildScriptOutput;
using cargo::Config;
using cargo::ConfigKey;
using cargo::ConfigValue;
using cargo::LinkArgTarget;

Error wrong(std::string message) {
  return Error{ErrorKind::kInput, std::move(message)};
}

Error unexpected(const std::string& wanted, const std::string& key, const ConfigValue& found) {
  return wrong("expected a " + wanted + ", but found a " + std::string(found.description()) + " for `" + key + "` in " +
               found.definition.describe());
}

/// One setting with where it was made: in `target.<triple>`, else in the only cfg table that holds.
template <class T, class Get>
Result<std::optional<T>> find_setting(
    const Config& config, const std::string& triple, const cargo::CfgSet& cfg, const std::string& name, Get get) {
  PCARGO_ASSIGN(std::optional<T> found, get("target." + triple + "." + name));
  if (found) {
    return found;
  }
  PCARGO_ASSIGN(auto tables, matching_cfg_tables(config, cfg));
  std::string first_match;
  for (const ConfigKey& table : tables) {
    PCARGO_ASSIGN(std::optional<T> setting, get(table.child(name)));
    if (!setting) {
      continue;
    }
    const auto match = [&](const T& value) {
      return "match `" + table.parts().back() + "` located in " + value.definition.describe();
    };
    if (found) {
      return wrong("several matching instances of `target.'cfg(..)'." + name + "` in configurations\nfirst " +
                   first_match + "\nsecond " + match(*setting));
    }
    first_match = match(*setting);
    found = std::move(setting);
  }
  return found;
}

struct Runner {
  cargo::ProgramAndArguments command;
  cargo::Definition definition;
};

Result<std::vector<std::string>> strings(const ConfigValue& value, const std::string& key) {
  if (value.kind != ConfigValue::Kind::kList) {
    return unexpected("list", key, value);
  }
  std::vector<std::string> result;
  for (const ConfigValue& element : value.list) {
    if (!element.is_string()) {
      return unexpected("string", key, value);
    }
    result.push_back(element.string);
  }
  return result;
}

Result<void> read_rustc_flags(std::string_view flags, const std::string& whence, BuildScriptOutput* output) {
  const std::string all(cargo::text::trim(flags));
  while (true) {
    std::string_view flag = cargo::text::take_word(&flags);
    if (flag.empty()) {
      return {};
    }
    const std::string_view kind = flag.substr(0, 2);
    if (kind != "-l" && kind != "-L") {
      return wrong("only `-l` and `-L` flags are allowed in " + whence + ": `" + all + "`");
    }
    flag.remove_prefix(2);
    if (flag.empty()) {
      flag = cargo::text::take_word(&flags);
      if (flag.empty()) {
        return wrong("flag in rustc-flags has no value in " + whence + ": ");
      }
    }
    (kind == "-l" ? output->library_links : output->library_paths).emplace_back(flag);
  }
}

/// Keys whose lists are simply appended somewhere.
std::vector<std::string>* plain_list(const std::string& key, BuildScriptOutput* output) {
  if (key == "rustc-link-lib") {
    return &output->library_links;
  }
  if (key == "rustc-link-search") {
    return &output->library_paths;
  }
  if (key == "rustc-cfg") {
    return &output->cfgs;
  }
  return key == "rustc-check-cfg" ? &output->check_cfgs : nullptr;
}

std::optional<LinkArgTarget> link_argument_target(const std::string& key) {
  static const std::map<std::string, LinkArgTarget::Kind> kKinds = {
      {"rustc-link-arg", LinkArgTarget::Kind::kAll},
      {"rustc-link-arg-cdylib", LinkArgTarget::Kind::kCdylib},
      {"rustc-cdylib-link-arg", LinkArgTarget::Kind::kCdylib},
      {"rustc-link-arg-bins", LinkArgTarget::Kind::kBin},
      {"rustc-link-arg-tests", LinkArgTarget::Kind::kTest},
      {"rustc-link-arg-benches", LinkArgTarget::Kind::kBench},
      {"rustc-link-arg-examples", LinkArgTarget::Kind::kExample},
  };
  const auto found = kKinds.find(key);
  return found == kKinds.end() ? std::nullopt : std::optional(LinkArgTarget{found->second});
}

Result<void> read_environment(const ConfigValue& value, const std::string& key, BuildScriptOutput* output) {
  if (!value.is_table()) {
    return unexpected("table", key, value);
  }
  for (const auto& [name, entry] : value.table) {
    if (!entry.is_string()) {
      return unexpected("string", name, entry);
    }
    output->env.emplace_back(name, entry.string);
  }
  return {};
}

Result<void> read_override(const std::string& target_key,
                           const std::string& key,
                           const ConfigValue& value,
                           BuildScriptOutput* output) {
  if (auto* list = plain_list(key, output)) {
    PCARGO_ASSIGN(auto words, strings(value, key));
    std::move(words.begin(), words.end(), std::back_inserter(*list));
    return {};
  }
  if (const auto target = link_argument_target(key)) {
    PCARGO_ASSIGN(auto words, strings(value, key));
    for (std::string& word : words) {
      output->linker_args.emplace_back(*target, std::move(word));
    }
    return {};
  }
  if (key == "rustc-env") {
    return read_environment(value, key, output);
  }
  if (key == "warning" || key == "rerun-if-changed" || key == "rerun-if-env-changed") {
    return wrong("`" + key + "` is not supported in build script overrides");
  }
  if (!value.is_string()) {
    return unexpected("string", key, value);
  }
  if (key == "rustc-flags") {
    const std::string whence =
        "target config `" + target_key + "." + key + "` (in " + value.definition.describe() + ")";
    return read_rustc_flags(value.string, whence, output);
  }
  output->metadata.emplace_back(key, value.string);
  return {};
}

}  // namespace

Result<std::vector<ConfigKey>> matching_cfg_tables(const Config& config, const cargo::CfgSet& cfg) {
  PCARGO_ASSIGN(auto names, config.keys("target"));
  std::vector<ConfigKey> tables;
  for (const std::string& name : names) {
    if (cargo::cfg_key_matches(name, cfg)) {
      tables.push_back(ConfigKey("target").child(name));
    }
  }
  return tables;
}

Result<std::optional<std::string>> linker_for(const Config& config,
                                              const std::string& triple,
                                              const cargo::CfgSet& cfg) {
  const auto get = [&](const ConfigKey& key) {
    auto linker = config.get_string(key);
    if (!linker) {
      // Cargo says so twice: for the path, and for the place where it was set.
      std::string doing = linker.error().message;
      return decltype(linker)(std::move(linker).error().context(std::move(doing)));
    }
    return linker;
  };
  PCARGO_ASSIGN(auto linker, find_setting<cargo::Defined<std::string>>(config, triple, cfg, "linker", get));
  return linker ? std::optional(config.resolve_program(*linker)) : std::nullopt;
}

Result<std::optional<std::vector<std::string>>> runner_for(const Config& config,
                                                           const std::string& triple,
                                                           const cargo::CfgSet& cfg) {
  const auto get = [&](const ConfigKey& key) -> Result<std::optional<Runner>> {
    PCARGO_ASSIGN(auto command, config.get_program(key));
    if (!command) {
      return std::optional<Runner>();
    }
    const cargo::Definition definition = command->program.definition;
    return std::optional(Runner{*std::move(command), definition});
  };
  PCARGO_ASSIGN(auto runner, find_setting<Runner>(config, triple, cfg, "runner", get));
  if (!runner) {
    return std::optional<std::vector<std::string>>();
  }
  std::vector<std::string> words = {config.resolve_program(runner->command.program)};
  words.insert(words.end(), runner->command.arguments.begin(), runner->command.arguments.end());
  return std::optional(std::move(words));
}

Result<std::map<std::string, BuildScriptOutput>> links_overrides_for(const Config& config, const std::string& triple) {
  // Settings of the target itself live between the tables of libraries; `ar` is one of the past.
  static const std::set<std::string> kSettings = {"ar", "linker", "runner", "rustflags", "rustdocflags"};
  const ConfigKey target_key("target." + triple);
  std::map<std::string, BuildScriptOutput> overrides;
  PCARGO_ASSIGN(auto names, config.keys(target_key));
  for (const std::string& links : names) {
    if (kSettings.count(links) != 0) {
      continue;
    }
    PCARGO_ASSIGN(const ConfigValue* table, config.find(target_key.child(links)));
    if (!table->is_table()) {
      return unexpected("table", target_key.display() + "." + links, *table);
    }
    BuildScriptOutput output;
    for (const auto& [key, value] : table->table) {
      PCARGO_TRY(read_override(target_key.display(), key, value, &output));
    }
    overrides.emplace(links, std::move(output));
  }
  return overrides;
}

}  // namespace pcargo::prepare
