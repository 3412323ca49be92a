// SPDX-License-Identifier: MIT OR Apache-2.0
// Values of cargo's config, each with the place that defined it (cargo 1.95: util/context/config_value.rs, value.rs and
// key.rs). Knows neither files nor the environment.
#pragma once

#include "base/result.h"
#include "cargo/toml_value.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pcargo::cargo {

/// Where a value comes from. Kinds are in order of priority.
struct Definition {
  enum class Kind { kBuiltIn, kFile, kEnvironment, kCli };
  Kind kind = Kind::kBuiltIn;
  std::string source =
      {};  ///< path of the file, name of the variable, or path of a file given to --config (else empty)

  bool is_higher_than(const Definition& other) const { return kind > other.kind; }
  bool is_file() const { return kind == Kind::kFile || (kind == Kind::kCli && !source.empty()); }

  /// What relative paths are relative to: the parent of the directory (.cargo) of a file, else `current_directory`.
  std::string root(const std::string& current_directory) const;

  /// As it appears in messages: the path, "environment variable `X`", "--config cli option", "default".
  std::string describe() const;

  bool operator==(const Definition&) const = default;
};

/// A value and where it was defined. For lists: the definition that wins.
template <class T>
struct Defined {
  T value;
  Definition definition = {};
};

/// A name in config: `build.target-dir`, and as a variable CARGO_BUILD_TARGET_DIR.
class ConfigKey {
 public:
  ConfigKey() = default;
  ConfigKey(std::string_view dotted);                                            // NOLINT: a key is written as text
  ConfigKey(const char* dotted) : ConfigKey(std::string_view(dotted)) {}         // NOLINT
  ConfigKey(const std::string& dotted) : ConfigKey(std::string_view(dotted)) {}  // NOLINT

  /// One level down. `name` is not split at dots.
  ConfigKey child(std::string_view name) const;

  const std::vector<std::string>& parts() const { return parts_; }
  std::string environment_name() const;
  bool matches(std::string_view pattern) const;  ///< `*` stands for any one part

  /// Joined by dots, parts quoted where TOML needs it.
  std::string display() const;

 private:
  std::vector<std::string> parts_;
};

/// Does a list of higher priority replace this one, instead of being appended? Such lists name a program.
bool is_replaced_list(const ConfigKey& key);

/// A key as TOML writes it: quoted unless it is bare.
std::string escape_key_part(std::string_view part);

struct ConfigValue {
  enum class Kind { kInteger, kString, kBoolean, kList, kTable };
  using Table = std::map<std::string, ConfigValue, std::less<>>;

  Kind kind = Kind::kTable;
  Definition definition;
  std::int64_t integer = 0;
  bool boolean = false;
  std::string string;
  std::vector<ConfigValue> list;
  Table table;

  static ConfigValue from_string(std::string value, Definition definition);
  static ConfigValue from_table(Definition definition);

  /// Floats and dates are refused: "failed to parse config at `a.b`".
  static Result<ConfigValue> from_toml(const TomlValue& toml, const Definition& definition);

  bool is_table() const { return kind == Kind::kTable; }
  bool is_string() const { return kind == Kind::kString; }
  const ConfigValue* find(std::string_view key) const;

  /// "table", "array", "string", "boolean", "integer"
  std::string_view description() const;

  /// Adds `from`: tables key by key, lists joined in order of priority, other values replaced by those of higher
  /// priority. `force`: also by those of the same. Containers do not mix with anything else.
  Result<void> merge(ConfigValue from, bool force);
};

/// In all lists below `value`: what files gave, in the reverse order of the files; what --config gave stays last.
void join_lists_outwards(ConfigValue* value);

}  // namespace pcargo::cargo
