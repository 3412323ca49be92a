// SPDX-License-Identifier: MIT OR Apache-2.0
// Cargo's config: files, `--config` and CARGO_* variables behind one set of typed getters (cargo 1.95: util/context).
// Knows what a key's value is and where it was set; what keys mean is prepare's business.
#pragma once

#include "base/environment.h"
#include "base/file_system.h"
#include "base/result.h"
#include "cargo/config_value.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pcargo::cargo {

struct ConfigSources {
  std::string current_directory;            ///< absolute; files are searched from here upwards
  std::string cargo_home;                   ///< absolute
  std::vector<std::string> arguments = {};  ///< values of --config, in order
  /// Resolves symbolic links, or gives the path back. Absent: paths are compared as they are written.
  std::function<std::string(const std::string&)> canonicalize = {};
};

/// A program with arguments: a string split at white space, or a list.
struct ProgramAndArguments {
  Defined<std::string> program;
  std::vector<std::string> arguments;
};

class Config {
 public:
  /// Reads all files. Errors are cargo's.
  static Result<Config> load(const FileSystem& files, Environment environment, const ConfigSources& sources);

  // A key's value from files, --config and its variable, whichever has priority. nullopt: set nowhere. A value of
  // another type is an error: "error in /p/.cargo/config.toml: ...".
  Result<std::optional<Defined<std::string>>> get_string(const ConfigKey& key) const;
  Result<std::optional<Defined<bool>>> get_bool(const ConfigKey& key) const;
  Result<std::optional<Defined<std::int64_t>>> get_integer(const ConfigKey& key) const;

  /// A list of strings or one string that is split at white space; the variable's words come behind those of files.
  Result<std::optional<Defined<std::vector<std::string>>>> get_string_list(const ConfigKey& key) const;

  Result<std::optional<ProgramAndArguments>> get_program(const ConfigKey& key) const;

  /// A string: an absolute path, see resolve_path.
  Result<std::optional<std::string>> get_path(const ConfigKey& key) const;

  /// A string: see resolve_program.
  Result<std::optional<std::string>> get_program_path(const ConfigKey& key) const;

  /// Relative paths are relative to where the value was defined.
  std::string resolve_path(const Defined<std::string>& value) const;

  /// As resolve_path when the value has a slash; a bare name stays bare.
  std::string resolve_program(const Defined<std::string>& value) const;

  /// From files and --config only; nullptr if there is nothing. A scalar on the way is an error.
  Result<const ConfigValue*> find(const ConfigKey& key) const;

  /// The same, or what the variable makes of it: "true", "false" and integers have their types, other text is a string.
  Result<std::optional<ConfigValue>> find_with_environment(const ConfigKey& key) const;

  /// Keys of a table in files and --config, sorted; empty if there is no such table, an error if it is something else.
  Result<std::vector<std::string>> keys(const ConfigKey& key) const;

  /// Is `key` set, or a variable that begins with its name and `_`?
  bool has_key_or_prefix(const ConfigKey& key) const;

  const Environment& environment() const { return environment_; }
  const std::string& current_directory() const { return current_directory_; }
  const std::string& cargo_home() const { return cargo_home_; }
  const ConfigValue& root() const { return root_; }

  /// From now on as cargo joined lists before 1.74 (util/config/mod.rs): the innermost file first, then what --config
  /// gives, then the variable's words.
  void join_lists_outwards();

  /// Files that were read, in order; and what cargo warns of while it reads them (without "warning: ").
  const std::vector<std::string>& files() const { return files_; }
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  Config() = default;

  /// Appends the words of the variable, or puts them in place of a list that does not merge.
  void add_environment_words(const ConfigKey& key, std::vector<ConfigValue>* words) const;

  Environment environment_;
  std::string current_directory_;
  std::string cargo_home_;
  ConfigValue root_;
  bool joins_outwards_ = false;
  std::vector<std::string> files_;
  std::vector<std::string> warnings_;
};

}  // namespace pcargo::cargo
