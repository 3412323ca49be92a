// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/config.h"

#include "base/path.h"
#include "cargo/config_loader.h"
#include "cargo/text.h"

#include <algorithm>
#include <charconv>

namespace pcargo::cargo {
namespace {

Error wrong(std::string message) {
  return Error{ErrorKind::kInput, std::move(message)};
}

Error error_in(const Definition& definition, const std::string& message) {
  return wrong("error in " + definition.describe() + ": " + message);
}

Error unexpected(const ConfigKey& key, const std::string& expected, const ConfigValue& found) {
  return error_in(found.definition,
                  "`" + key.display() + "` expected " + expected + ", but found a " + std::string(found.description()));
}

Error no_table(const ConfigKey& key, const ConfigValue& found) {
  return wrong("invalid configuration for key `" + key.display() + "`\nexpected a table, but found a " +
               std::string(found.description()) + " for `" + key.display() + "` in " + found.definition.describe());
}

/// A table that cargo reads as a whole: it complains about the table, not about the way to a key in it.
bool is_record(const ConfigKey& key) {
  const std::string name = key.display();
  return name == "build" || name == "term" || name == "term.progress" || name == "future-incompat-report";
}

Definition variable(const ConfigKey& key) {
  return {Definition::Kind::kEnvironment, key.environment_name()};
}

/// Cargo reads variables as text; others are as if they were not there.
std::optional<std::string> text_of(const Environment& environment, const ConfigKey& key) {
  auto value = environment.get(key.environment_name());
  return value && text::is_utf8(*value) ? value : std::nullopt;
}

// What Rust's FromStr says of the same text.
Result<bool> parse_bool(const std::string& text) {
  if (text == "true" || text == "false") {
    return text == "true";
  }
  return wrong("provided string was not `true` or `false`");
}

Result<std::int64_t> parse_integer(const std::string& text) {
  if (text.empty()) {
    return wrong("cannot parse integer from empty string");
  }
  const bool has_plus = text.size() > 1 && text[0] == '+' && text[1] != '-';
  const char* end = text.data() + text.size();
  std::int64_t value = 0;
  const auto [stop, code] = std::from_chars(text.data() + (has_plus ? 1 : 0), end, value);
  if (stop != end || code == std::errc::invalid_argument) {
    return wrong("invalid digit found in string");
  }
  if (code == std::errc::result_out_of_range) {
    return wrong(std::string("number too ") + (text[0] == '-' ? "small" : "large") + " to fit in target type");
  }
  return value;
}

Result<std::string> parse_string(const std::string& text) {
  return text;
}

void append_words(std::string_view text, const Definition& definition, std::vector<ConfigValue>* words) {
  for (auto word = text::take_word(&text); !word.empty(); word = text::take_word(&text)) {
    words->push_back(ConfigValue::from_string(std::string(word), definition));
  }
}

/// The value in files and the variable, whichever is higher; a wrong type in files is an error even when it is not the
/// one.
template <class T, class Take, class Parse>
Result<std::optional<Defined<T>>> get_scalar(const Config& config,
                                             const ConfigKey& key,
                                             ConfigValue::Kind kind,
                                             const std::string& expected,
                                             Take take,
                                             Parse parse) {
  PCARGO_ASSIGN(const ConfigValue* in_files, config.find(key));
  std::optional<Defined<T>> from_variable;
  if (const auto text = text_of(config.environment(), key)) {
    auto parsed = parse(*text);
    if (!parsed) {
      return error_in(variable(key), parsed.error().message);
    }
    from_variable = Defined<T>{*std::move(parsed), variable(key)};
  }
  if (in_files == nullptr) {
    return from_variable;
  }
  if (in_files->kind != kind) {
    return unexpected(key, expected, *in_files);
  }
  if (from_variable && !in_files->definition.is_higher_than(from_variable->definition)) {
    return from_variable;
  }
  return std::optional(Defined<T>{take(*in_files), in_files->definition});
}

/// Where a list is said to come from: the higher of the variable and the list in files.
Definition definition_of(const Config& config, const ConfigKey& key, const ConfigValue* in_files) {
  const bool has_variable = config.environment().contains(key.environment_name());
  if (in_files == nullptr || (has_variable && variable(key).is_higher_than(in_files->definition))) {
    return variable(key);
  }
  return in_files->definition;
}

}  // namespace

Result<Config> Config::load(const FileSystem& files, Environment environment, const ConfigSources& sources) {
  PCARGO_ASSIGN(auto loaded, load_config(files, environment, sources));
  Config config;
  config.environment_ = std::move(environment);
  config.current_directory_ = sources.current_directory;
  config.cargo_home_ = sources.cargo_home;
  config.root_ = std::move(loaded.root);
  config.files_ = std::move(loaded.files);
  config.warnings_ = std::move(loaded.warnings);
  return config;
}

Result<std::optional<Defined<std::string>>> Config::get_string(const ConfigKey& key) const {
  auto value = get_scalar<std::string>(
      *this, key, ConfigValue::Kind::kString, "a string", [](const ConfigValue& v) { return v.string; }, parse_string);
  if (!value) {
    PCARGO_ASSIGN(const ConfigValue* in_files, find(key));
    return std::move(value).error().context("error in " + definition_of(*this, key, in_files).describe() +
                                            ": could not load config key `" + key.display() + "`");
  }
  return value;
}

Result<std::optional<Defined<bool>>> Config::get_bool(const ConfigKey& key) const {
  return get_scalar<bool>(
      *this,
      key,
      ConfigValue::Kind::kBoolean,
      "true/false",
      [](const ConfigValue& v) { return v.boolean; },
      parse_bool);
}

Result<std::optional<Defined<std::int64_t>>> Config::get_integer(const ConfigKey& key) const {
  return get_scalar<std::int64_t>(
      *this,
      key,
      ConfigValue::Kind::kInteger,
      "an integer",
      [](const ConfigValue& v) { return v.integer; },
      parse_integer);
}

void Config::add_environment_words(const ConfigKey& key, std::vector<ConfigValue>* words) const {
  const auto text = text_of(environment_, key);
  if (!text) {
    return;
  }
  const Definition definition = variable(key);
  if (is_replaced_list(key)) {
    if (!words->empty() && words->front().definition.is_higher_than(definition)) {
      return;
    }
    words->clear();
  }
  append_words(*text, definition, words);
  if (joins_outwards_) {
    return;
  }
  std::stable_sort(words->begin(), words->end(), [](const ConfigValue& a, const ConfigValue& b) {
    return b.definition.is_higher_than(a.definition);
  });
}

Result<std::optional<Defined<std::vector<std::string>>>> Config::get_string_list(const ConfigKey& key) const {
  using List = std::optional<Defined<std::vector<std::string>>>;
  PCARGO_ASSIGN(const ConfigValue* in_files, find(key));
  if (in_files == nullptr && !environment_.contains(key.environment_name())) {
    return List();
  }
  std::vector<ConfigValue> words;
  if (in_files != nullptr) {
    if (in_files->kind == ConfigValue::Kind::kList) {
      words = in_files->list;
    } else if (in_files->is_string()) {
      append_words(in_files->string, in_files->definition, &words);
    } else {
      return wrong("invalid configuration for key `" + key.display() +
                   "`\nexpected a string or array of strings, but found a " + std::string(in_files->description()) +
                   " for `" + key.display() + "` in " + in_files->definition.describe());
    }
  }
  add_environment_words(key, &words);
  Defined<std::vector<std::string>> result{{}, definition_of(*this, key, in_files)};
  for (ConfigValue& word : words) {
    if (!word.is_string()) {
      return unexpected(key, "string", word);
    }
    result.value.push_back(std::move(word.string));
  }
  return List(std::move(result));
}

Result<std::optional<ProgramAndArguments>> Config::get_program(const ConfigKey& key) const {
  PCARGO_ASSIGN(auto list, get_string_list(key));
  if (!list) {
    return std::optional<ProgramAndArguments>();
  }
  if (list->value.empty()) {
    return wrong("invalid length 0, expected at least one element")
        .context("error in " + list->definition.describe() + ": could not load config key `" + key.display() + "`");
  }
  ProgramAndArguments program{{list->value.front(), list->definition}, {}};
  program.arguments.assign(list->value.begin() + 1, list->value.end());
  return std::optional(std::move(program));
}

Result<std::optional<std::string>> Config::get_path(const ConfigKey& key) const {
  PCARGO_ASSIGN(auto value, get_string(key));
  return value ? std::optional(resolve_path(*value)) : std::nullopt;
}

Result<std::optional<std::string>> Config::get_program_path(const ConfigKey& key) const {
  PCARGO_ASSIGN(auto value, get_string(key));
  return value ? std::optional(resolve_program(*value)) : std::nullopt;
}

std::string Config::resolve_path(const Defined<std::string>& value) const {
  return path::join(value.definition.root(current_directory_), value.value);
}

std::string Config::resolve_program(const Defined<std::string>& value) const {
  return value.value.find('/') == std::string::npos ? value.value : resolve_path(value);
}

Result<const ConfigValue*> Config::find(const ConfigKey& key) const {
  const ConfigValue* value = &root_;
  ConfigKey so_far;
  for (const std::string& part : key.parts()) {
    if (!value->is_table()) {
      return is_record(so_far) ? no_table(so_far, *value)
                               : wrong("expected table for configuration key `" + so_far.display() + "`, but found " +
                                       std::string(value->description()) + " in " + value->definition.describe());
    }
    value = value->find(part);
    if (value == nullptr) {
      return value;
    }
    so_far = so_far.child(part);
  }
  return value;
}

Result<std::optional<ConfigValue>> Config::find_with_environment(const ConfigKey& key) const {
  PCARGO_ASSIGN(const ConfigValue* in_files, find(key));
  const auto text = text_of(environment_, key);
  const bool is_list = in_files != nullptr && in_files->kind == ConfigValue::Kind::kList;
  const bool use_variable =
      text && (in_files == nullptr || is_list || variable(key).is_higher_than(in_files->definition));
  if (!use_variable) {
    return in_files == nullptr ? std::optional<ConfigValue>() : std::optional(*in_files);
  }
  ConfigValue value = ConfigValue::from_string(*text, variable(key));
  if (auto boolean = parse_bool(*text)) {
    value.kind = ConfigValue::Kind::kBoolean;
    value.boolean = *boolean;
  } else if (auto integer = parse_integer(*text)) {
    value.kind = ConfigValue::Kind::kInteger;
    value.integer = *integer;
  } else if (is_list) {
    value = *in_files;
    add_environment_words(key, &value.list);
  }
  return std::optional(std::move(value));
}

void Config::join_lists_outwards() {
  joins_outwards_ = true;
  cargo::join_lists_outwards(&root_);
}

Result<std::vector<std::string>> Config::keys(const ConfigKey& key) const {
  PCARGO_ASSIGN(const ConfigValue* table, find(key));
  std::vector<std::string> names;
  if (table == nullptr) {
    return names;
  }
  if (!table->is_table()) {
    return no_table(key, *table);
  }
  for (const auto& [name, value] : table->table) {
    names.push_back(name);
  }
  return names;
}

bool Config::has_key_or_prefix(const ConfigKey& key) const {
  const auto in_files = find(key);
  if (in_files && *in_files != nullptr) {
    return true;
  }
  const std::string name = key.environment_name();
  return std::any_of(environment_.begin(), environment_.end(), [&](const auto& entry) {
    const std::string& other = entry.first;
    return other == name || other.compare(0, name.size() + 1, name + "_") == 0;
  });
}

}  // namespace pcargo::cargo
