// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/config_argument.h"

#include <algorithm>
#include <string_view>

namespace pcargo::cargo {
namespace {

Error refused(std::string message) {
  return Error{ErrorKind::kInput, std::move(message)};
}

void skip_blanks(std::string_view* text) {
  const auto end = text->find_first_not_of(" \t\r\n");
  text->remove_prefix(end == std::string_view::npos ? text->size() : end);
}

/// Takes a string with its quotes; the text is known to be valid TOML.
void skip_string(std::string_view* text) {
  const char quote = text->front();
  const std::string triple(3, quote);
  const std::string end = text->substr(0, 3) == triple ? triple : std::string(1, quote);
  text->remove_prefix(end.size());
  while (!text->empty() && text->substr(0, end.size()) != end) {
    text->remove_prefix(quote == '"' && text->front() == '\\' && text->size() > 1 ? 2 : 1);
  }
  text->remove_prefix(std::min(end.size(), text->size()));
  // Up to two quotes may stand before the three that end a long string: then those were not the last.
  while (end.size() == 3 && !text->empty() && text->front() == quote) {
    text->remove_prefix(1);
  }
}

/// Takes the key and `=`; false if the line is no key.
bool skip_key(std::string_view* text) {
  while (!text->empty() && text->front() != '=') {
    if (text->front() == '[') {
      return false;
    }
    if (text->front() == '"' || text->front() == '\'') {
      skip_string(text);
    } else {
      text->remove_prefix(1);
    }
  }
  if (text->empty()) {
    return false;
  }
  text->remove_prefix(1);
  return true;
}

/// Takes a value, up to the end of its line or to a comment.
void skip_value(std::string_view* text) {
  int depth = 0;
  while (!text->empty()) {
    const char c = text->front();
    if (depth == 0 && (c == '\n' || c == '#')) {
      return;
    }
    if (c == '"' || c == '\'') {
      skip_string(text);
      continue;
    }
    if (c == '#') {
      const auto line_end = text->find('\n');
      text->remove_prefix(line_end == std::string_view::npos ? text->size() : line_end);
      continue;
    }
    depth += (c == '[' || c == '{') ? 1 : (c == ']' || c == '}') ? -1 : 0;
    text->remove_prefix(1);
  }
}

/// Is there anything but comments left?
bool has_more(std::string_view text) {
  skip_blanks(&text);
  while (!text.empty() && text.front() == '#') {
    const auto line_end = text.find('\n');
    text.remove_prefix(line_end == std::string_view::npos ? text.size() : line_end);
    skip_blanks(&text);
  }
  return !text.empty();
}

Result<void> check_shape(const std::string& argument) {
  const std::string named = "--config argument `" + argument + "`";
  const Error wrong_shape = refused(named + " was not a TOML dotted key expression (such as `build.jobs = 2`)");
  const Error decorated = refused(named + " includes non-whitespace decoration");

  std::string_view rest = argument;
  if (!has_more(rest)) {
    return wrong_shape;
  }
  skip_blanks(&rest);
  if (rest.substr(0, 2) == "[[") {
    const std::string_view name = rest.substr(2, rest.find(']') - 2);
    return name.find('.') == std::string_view::npos
               ? refused(named + " sets a value to an array of tables, which is not accepted")
               : wrong_shape;
  }
  if (rest.front() == '#') {
    return decorated;
  }
  if (!skip_key(&rest)) {
    return wrong_shape;
  }
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  const bool is_inline_table = !rest.empty() && rest.front() == '{';
  skip_value(&rest);
  const bool has_comment = !rest.empty() && rest.front() == '#';
  if (has_more(rest)) {
    return wrong_shape;
  }
  if (is_inline_table) {
    return refused(named + " sets a value to an inline table, which is not accepted");
  }
  if (has_comment) {
    return decorated;
  }
  return {};
}

Result<void> check_secrets(const TomlValue& document) {
  for (const char* secret : {"token", "secret-key"}) {
    const std::string tail = std::string(".") + secret + " cannot be set through --config for security reasons";
    if (const TomlValue* registry = document.find("registry");
        registry != nullptr && registry->find(secret) != nullptr) {
      return refused("registry" + tail);
    }
    if (const TomlValue* registries = document.find("registries")) {
      for (const auto& [name, registry] : registries->table) {
        if (registry.find(secret) != nullptr) {
          return refused("registries." + name + tail);
        }
      }
    }
  }
  return {};
}

}  // namespace

Result<TomlValue> parse_config_argument(const std::string& argument) {
  auto document = parse_toml(argument);
  if (!document) {
    return std::move(document).error().context("failed to parse value from --config argument `" + argument +
                                               "` as a dotted key expression");
  }
  PCARGO_TRY(check_shape(argument));
  PCARGO_TRY(check_secrets(*document));
  return document;
}

}  // namespace pcargo::cargo
