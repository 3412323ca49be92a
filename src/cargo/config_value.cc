// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/config_value.h"

#include "base/path.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>

namespace pcargo::cargo {
namespace {

// Lists that name a program: the higher one replaces the lower one (cargo: NON_MERGEABLE_LISTS).
constexpr std::array kReplacedLists = {
    "credential-alias.*",
    "doc.browser",
    "host.runner",
    "registries.*.credential-provider",
    "registry.credential-provider",
    "target.*.runner",
};

bool is_bare(std::string_view part) {
  return std::all_of(part.begin(), part.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

bool is_container(const ConfigValue& value) {
  return value.kind == ConfigValue::Kind::kList || value.kind == ConfigValue::Kind::kTable;
}

void merge_lists(ConfigValue* into, ConfigValue from, bool force, const ConfigKey& key) {
  const bool is_higher = from.definition.is_higher_than(into->definition);
  if (is_replaced_list(key)) {
    if (force || is_higher) {
      into->list.swap(from.list);
    }
  } else {
    auto& first = force ? into->list : from.list;
    auto& second = force ? from.list : into->list;
    std::move(second.begin(), second.end(), std::back_inserter(first));
    if (!force) {
      into->list.swap(from.list);
    }
  }
  std::stable_sort(into->list.begin(), into->list.end(), [](const ConfigValue& a, const ConfigValue& b) {
    return b.definition.is_higher_than(a.definition);
  });
}

Result<void> merge_values(ConfigValue* into, ConfigValue from, bool force, const ConfigKey& key);

Result<void> merge_tables(ConfigValue* into, ConfigValue from, bool force, const ConfigKey& key) {
  for (auto& [name, value] : from.table) {
    auto existing = into->table.find(name);
    if (existing == into->table.end()) {
      into->table.emplace(name, std::move(value));
      continue;
    }
    const Definition definition = value.definition;
    if (auto merged = merge_values(&existing->second, std::move(value), force, key.child(name)); !merged) {
      return std::move(merged).error().context("failed to merge key `" + name + "` between " +
                                               existing->second.definition.describe() + " and " +
                                               definition.describe());
    }
  }
  return {};
}

Result<void> merge_values(ConfigValue* into, ConfigValue from, bool force, const ConfigKey& key) {
  if (into->kind == ConfigValue::Kind::kList && from.kind == ConfigValue::Kind::kList) {
    merge_lists(into, std::move(from), force, key);
    return {};
  }
  if (into->is_table() && from.is_table()) {
    return merge_tables(into, std::move(from), force, key);
  }
  if (is_container(*into) || is_container(from)) {
    return Error{ErrorKind::kInput,
                 "failed to merge config value from `" + from.definition.describe() + "` into `" +
                     into->definition.describe() + "`: expected " + std::string(into->description()) + ", but found " +
                     std::string(from.description())};
  }
  if (force || from.definition.is_higher_than(into->definition)) {
    *into = std::move(from);
  }
  return {};
}

/// `path` is where we are, for the error.
Result<ConfigValue> convert(const TomlValue& toml, const Definition& definition, const std::string& path) {
  ConfigValue value;
  value.definition = definition;
  switch (toml.kind) {
    case TomlValue::Kind::kString:
      return ConfigValue::from_string(toml.string, definition);
    case TomlValue::Kind::kBoolean:
      value.kind = ConfigValue::Kind::kBoolean;
      value.boolean = toml.boolean;
      return value;
    case TomlValue::Kind::kInteger:
      value.kind = ConfigValue::Kind::kInteger;
      value.integer = toml.integer;
      return value;
    case TomlValue::Kind::kArray:
      value.kind = ConfigValue::Kind::kList;
      for (std::size_t i = 0; i < toml.array.size(); ++i) {
        PCARGO_ASSIGN(auto element, convert(toml.array[i], definition, path + "[" + std::to_string(i) + "]"));
        value.list.push_back(std::move(element));
      }
      return value;
    case TomlValue::Kind::kTable:
      for (const auto& [name, entry] : toml.table) {
        const std::string below = (path.empty() ? "" : path + ".") + escape_key_part(name);
        PCARGO_ASSIGN(auto element, convert(entry, definition, below));
        value.table.emplace(name, std::move(element));
      }
      return value;
    case TomlValue::Kind::kFloat:
    case TomlValue::Kind::kDateTime:
      break;
  }
  const std::string kind = toml.kind == TomlValue::Kind::kFloat ? "float" : "datetime";
  return Error{ErrorKind::kInput,
               "failed to parse config at `" + path + "`",
               {"unsupported TOML configuration type `" + kind + "`"}};
}

}  // namespace

std::string Definition::root(const std::string& current_directory) const {
  return is_file() ? std::string(path::parent(path::parent(source))) : current_directory;
}

std::string Definition::describe() const {
  switch (kind) {
    case Kind::kBuiltIn:
      return "default";
    case Kind::kFile:
      return source;
    case Kind::kEnvironment:
      return "environment variable `" + source + "`";
    case Kind::kCli:
      return source.empty() ? "--config cli option" : source;
  }
  return {};
}

ConfigKey::ConfigKey(std::string_view dotted) {
  while (true) {
    const auto dot = dotted.find('.');
    parts_.emplace_back(dotted.substr(0, dot));
    if (dot == std::string_view::npos) {
      return;
    }
    dotted.remove_prefix(dot + 1);
  }
}

ConfigKey ConfigKey::child(std::string_view name) const {
  ConfigKey result = *this;
  result.parts_.emplace_back(name);
  return result;
}

std::string ConfigKey::environment_name() const {
  std::string name = "CARGO";
  for (const std::string& part : parts_) {
    name += '_';
    for (const char c : part) {
      name += c == '-' ? '_' : (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  return name;
}

bool ConfigKey::matches(std::string_view pattern) const {
  const ConfigKey wanted(pattern);
  return std::equal(parts_.begin(),
                    parts_.end(),
                    wanted.parts_.begin(),
                    wanted.parts_.end(),
                    [](const std::string& part, const std::string& want) { return want == "*" || part == want; });
}

std::string ConfigKey::display() const {
  std::string result;
  for (const std::string& part : parts_) {
    result += result.empty() ? "" : ".";
    result += escape_key_part(part);
  }
  return result;
}

bool is_replaced_list(const ConfigKey& key) {
  return std::any_of(
      kReplacedLists.begin(), kReplacedLists.end(), [&](const char* pattern) { return key.matches(pattern); });
}

std::string escape_key_part(std::string_view part) {
  if (is_bare(part)) {
    return std::string(part);
  }
  // As the toml crate writes a string value: literal quotes where double ones would need a backslash.
  const bool needs_escape = part.find_first_of("\"\\") != std::string_view::npos;
  const bool has_control = std::any_of(part.begin(), part.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  if (needs_escape && !has_control && part.find('\'') == std::string_view::npos) {
    return "'" + std::string(part) + "'";
  }
  std::string quoted = "\"";
  for (const char c : part) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      std::array<char, 8> code{};
      std::snprintf(code.data(), code.size(), "\\u%04X", byte);
      quoted += code.data();
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

ConfigValue ConfigValue::from_string(std::string value, Definition definition) {
  ConfigValue result;
  result.kind = Kind::kString;
  result.definition = std::move(definition);
  result.string = std::move(value);
  return result;
}

ConfigValue ConfigValue::from_table(Definition definition) {
  ConfigValue result;
  result.definition = std::move(definition);
  return result;
}

Result<ConfigValue> ConfigValue::from_toml(const TomlValue& toml, const Definition& definition) {
  return convert(toml, definition, "");
}

const ConfigValue* ConfigValue::find(std::string_view key) const {
  const auto found = table.find(key);
  return found == table.end() ? nullptr : &found->second;
}

std::string_view ConfigValue::description() const {
  switch (kind) {
    case Kind::kInteger:
      return "integer";
    case Kind::kString:
      return "string";
    case Kind::kBoolean:
      return "boolean";
    case Kind::kList:
      return "array";
    case Kind::kTable:
      return "table";
  }
  return {};
}

Result<void> ConfigValue::merge(ConfigValue from, bool force) {
  return merge_values(this, std::move(from), force, ConfigKey());
}

void join_lists_outwards(ConfigValue* value) {
  for (auto& [name, below] : value->table) {
    join_lists_outwards(&below);
  }
  auto& list = value->list;
  const auto files_end = std::find_if(
      list.begin(), list.end(), [](const auto& one) { return one.definition.kind != Definition::Kind::kFile; });
  std::reverse(list.begin(), files_end);
  for (auto first = list.begin(); first != files_end;) {  // within one file the order is as written
    const auto last =
        std::find_if(first, files_end, [&](const auto& one) { return one.definition != first->definition; });
    std::reverse(first, last);
    first = last;
  }
}

}  // namespace pcargo::cargo
