// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/config_loader.h"

#include "base/path.h"
#include "cargo/config_argument.h"
#include "cargo/text.h"

#include <optional>
#include <set>
#include <string_view>

namespace pcargo::cargo {
namespace {

struct Include {
  std::string path;
  Definition definition;
  bool is_optional = false;

  std::string describe() const { return "`" + path + "` from `" + definition.describe() + "`"; }
};

Error wrong(std::string message) {
  return Error{ErrorKind::kInput, std::move(message)};
}

Result<Include> read_include_table(const ConfigValue& entry, const std::string& place) {
  const std::string where = " in `" + entry.definition.describe() + "`";
  const ConfigValue* path = entry.find("path");
  if (path == nullptr) {
    return wrong("missing field `path` at `" + place + "`" + where);
  }
  if (!path->is_string()) {
    return wrong("expected a string, but found " + std::string(path->description()) + " at `" + place + ".path`" +
                 where);
  }
  Include include{path->string, entry.definition};
  if (const ConfigValue* optional = entry.find("optional")) {
    if (optional->kind != ConfigValue::Kind::kBoolean) {
      return wrong("expected a boolean, but found " + std::string(optional->description()) + " at `" + place +
                   ".optional`" + where);
    }
    include.is_optional = optional->boolean;
  }
  return include;
}

Result<void> check_include_path(const Include& include) {
  const std::string found = ", but found " + include.describe();
  const std::string_view name = path::file_name(include.path);
  if (name.size() <= 5 || name.substr(name.size() - 5) != ".toml") {
    return wrong("expected a config include path ending with `.toml`" + found);
  }
  if (include.path.find_first_of("*?[]") != std::string::npos) {
    return wrong("expected a config include path without glob patterns" + found);
  }
  if (include.path.find_first_of("{}") != std::string::npos) {
    return wrong("expected a config include path without template braces" + found);
  }
  return {};
}

/// Takes `include` out of `value`.
Result<std::vector<Include>> take_includes(ConfigValue* value) {
  std::vector<Include> includes;
  const auto found = value->table.find("include");
  if (found == value->table.end()) {
    return includes;
  }
  const ConfigValue list = std::move(found->second);
  value->table.erase(found);
  if (list.kind != ConfigValue::Kind::kList) {
    return wrong("expected a list of strings or a list of tables, but found " + std::string(list.description()) +
                 " at `include` in `" + list.definition.describe());
  }
  for (std::size_t i = 0; i < list.list.size(); ++i) {
    const ConfigValue& entry = list.list[i];
    const std::string place = "include[" + std::to_string(i) + "]";
    if (entry.is_string()) {
      includes.push_back({entry.string, entry.definition});
    } else if (entry.is_table()) {
      PCARGO_ASSIGN(auto include, read_include_table(entry, place));
      includes.push_back(std::move(include));
    } else {
      return wrong("expected a string or table, but found " + std::string(entry.description()) + " at `" + place +
                   "` in " + entry.definition.describe());
    }
  }
  for (const Include& include : includes) {
    PCARGO_TRY(check_include_path(include));
  }
  return includes;
}

class Loader {
 public:
  Loader(const FileSystem& files, const Environment& environment, const ConfigSources& sources)
      : files_(files), environment_(environment), sources_(sources) {}

  Result<LoadedConfig> load() {
    ConfigValue root = ConfigValue::from_table({});
    for (const std::string& path : discover()) {
      if (auto merged = merge_file(path, &root); !merged) {
        return std::move(merged).error().context("could not load Cargo configuration");
      }
    }
    PCARGO_ASSIGN(auto from_arguments, load_arguments());
    PCARGO_TRY(root.merge(std::move(from_arguments), true));
    loaded_.root = std::move(root);
    return std::move(loaded_);
  }

 private:
  using Seen = std::set<std::string>;

  std::string canonical(const std::string& path) const {
    return sources_.canonicalize ? sources_.canonicalize(path) : path::normalize(path);
  }
  bool exists(const std::string& path) const { return files_.kind(path) != FileKind::kNone; }

  /// Config files from the current directory upwards, then that of Cargo's home unless it was on the way.
  std::vector<std::string> discover() {
    std::vector<std::string> found;
    Seen directories;
    const auto visit = [&](const std::string& directory) {
      if (auto file = config_file(directory)) {
        found.push_back(std::move(*file));
      }
      directories.insert(canonical(directory));
    };
    // Cargo's own test suite fences the search in with this variable (crates/cargo-util, paths::ancestors).
    const auto fence = environment_.get("__CARGO_TEST_ROOT");
    std::string current = sources_.current_directory;
    while (true) {
      visit(path::join(current, ".cargo"));
      if (current == "/" || current.empty() || current == fence) {
        break;
      }
      current = std::string(path::parent(current));
    }
    const std::string& home = sources_.cargo_home;
    if (!home.empty() && directories.count(canonical(home)) == 0 && directories.count(home) == 0) {
      visit(home);
    }
    return found;
  }

  std::optional<std::string> config_file(const std::string& directory) {
    const std::string plain = path::join(directory, "config");
    const std::string with_extension = plain + ".toml";
    if (!exists(plain)) {
      return exists(with_extension) ? std::optional(with_extension) : std::nullopt;
    }
    if (!exists(with_extension)) {
      loaded_.warnings.push_back("`" + plain +
                                 "` is deprecated in favor of `config.toml`\n  |\n  = help: if you need to " +
                                 "support cargo 1.38 or earlier, you can symlink `config` to `config.toml`");
    } else if (canonical(plain) != canonical(with_extension)) {
      loaded_.warnings.push_back("both `" + plain + "` and `" + with_extension + "` exist. Using `" + plain + "`");
    }
    return plain;
  }

  Result<void> merge_file(const std::string& path, ConfigValue* root) {
    Seen seen;
    PCARGO_ASSIGN(auto value, load_file(path, Definition::Kind::kFile, &seen));
    if (auto merged = root->merge(std::move(value), false); !merged) {
      return std::move(merged).error().context("failed to merge configuration at `" + path + "`");
    }
    return {};
  }

  Result<ConfigValue> load_file(const std::string& path, Definition::Kind kind, Seen* seen) {
    if (!seen->insert(path).second) {
      return wrong("config `include` cycle detected with path `" + path + "`");
    }
    PCARGO_ASSIGN(auto text, read(path));
    loaded_.files.push_back(path);
    auto toml = parse_toml(text);
    if (!toml) {
      Error error = std::move(toml).error();
      error.message = "TOML parse error at " + error.message;
      return std::move(error).context("could not parse TOML configuration in `" + path + "`");
    }
    auto value = ConfigValue::from_toml(*toml, Definition{kind, path});
    if (!value) {
      return std::move(value).error().context("failed to load TOML configuration from `" + path + "`");
    }
    return load_includes(*std::move(value), kind, seen);
  }

  Result<std::string> read(const std::string& path) const {
    const std::string doing = "failed to read configuration file `" + path + "`";
    auto text = files_.read(path);
    if (!text) {
      return std::move(text).error().context(doing);
    }
    if (!text->has_value()) {
      return Error{ErrorKind::kInput, doing, {"No such file or directory (os error 2)"}};
    }
    if (!text::is_utf8(**text)) {
      return Error{ErrorKind::kInput, doing, {"stream did not contain valid UTF-8"}};
    }
    return **std::move(text);
  }

  /// What is included comes first; the including file overrides it.
  Result<ConfigValue> load_includes(ConfigValue value, Definition::Kind kind, Seen* seen) {
    PCARGO_ASSIGN(auto includes, take_includes(&value));
    ConfigValue root = ConfigValue::from_table(value.definition);
    for (const Include& include : includes) {
      const std::string base = include.definition.is_file() ? std::string(path::parent(include.definition.source))
                                                            : sources_.current_directory;
      const std::string path = path::join(base, include.path);
      if (include.is_optional && !exists(path)) {
        continue;
      }
      auto included = load_file(path, kind, seen);
      auto merged = included ? root.merge(*std::move(included), true) : Result<void>(std::move(included).error());
      if (!merged) {
        return std::move(merged).error().context("failed to load config include " + include.describe());
      }
    }
    PCARGO_TRY(root.merge(std::move(value), true));
    return root;
  }

  Result<ConfigValue> load_argument(const std::string& argument, Seen* seen) {
    const std::string path = path::join(sources_.current_directory, argument);
    if (!argument.empty() && exists(path)) {
      auto value = load_file(path, Definition::Kind::kCli, seen);
      if (!value) {
        return std::move(value).error().context("failed to load config from `" + path + "`");
      }
      return value;
    }
    PCARGO_ASSIGN(auto toml, parse_config_argument(argument));
    auto value = ConfigValue::from_toml(toml, Definition{Definition::Kind::kCli});
    if (!value) {
      return std::move(value).error().context("failed to convert --config argument `" + argument + "`");
    }
    Seen seen_by_include;
    auto with_includes = load_includes(*std::move(value), Definition::Kind::kCli, &seen_by_include);
    if (!with_includes) {
      return std::move(with_includes).error().context("failed to load --config include");
    }
    return with_includes;
  }

  Result<ConfigValue> load_arguments() {
    ConfigValue all = ConfigValue::from_table(Definition{Definition::Kind::kCli});
    Seen seen;
    for (const std::string& argument : sources_.arguments) {
      PCARGO_ASSIGN(auto value, load_argument(argument, &seen));
      if (auto merged = all.merge(std::move(value), true); !merged) {
        return std::move(merged).error().context("failed to merge --config argument `" + argument + "`");
      }
    }
    return all;
  }

  const FileSystem& files_;
  const Environment& environment_;
  const ConfigSources& sources_;
  LoadedConfig loaded_;
};

}  // namespace

Result<LoadedConfig> load_config(const FileSystem& files,
                                 const Environment& environment,
                                 const ConfigSources& sources) {
  return Loader(files, environment, sources).load();
}

}  // namespace pcargo::cargo
