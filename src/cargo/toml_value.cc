// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/toml_value.h"

#include "cargo/text.h"
#include "cargo/toml_guard.h"

#include <algorithm>

// This is the only file that may include toml++: these settings decide what its inline functions are.
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_ENABLE_UNRELEASED_FEATURES 1  // cargo reads TOML 1.1
// An assertion of its parser fails on "[=", and the code after it gives the right error: a file must not abort us.
#define TOML_ASSERT(condition) static_cast<void>(0)
#include <toml++/toml.h>

namespace pcargo::cargo {
namespace {

/// Turns the parser's nodes into values.
class Converter {
 public:
  explicit Converter(std::string_view text) : text_(text), has_crlf_(text.find("\r\n") != std::string_view::npos) {}

  TomlValue convert(const toml::node& node) const;

 private:
  std::string convert_string(const toml::value<std::string>& node) const;
  std::string_view lines(std::size_t first, std::size_t last) const;

  std::string_view text_;
  bool has_crlf_;
};

std::string_view Converter::lines(std::size_t first, std::size_t last) const {
  std::size_t start = 0;
  for (std::size_t line = 1; line < first; ++line) {
    start = text_.find('\n', start) + 1;
  }
  std::size_t end = start;
  for (std::size_t line = first; line <= last && end != std::string_view::npos; ++line) {
    end = text_.find('\n', end + (line == first ? 0 : 1));
  }
  return text_.substr(start, end - start);
}

/// The parser turns CRLF within a string into LF; cargo's leaves it, and CARGO_PKG_DESCRIPTION shows it.
std::string Converter::convert_string(const toml::value<std::string>& node) const {
  const std::string& plain = node.get();
  const toml::source_region& region = node.source();
  if (!has_crlf_ || region.begin.line == region.end.line || plain.find('\n') == std::string::npos) {
    return plain;
  }
  const std::string_view raw = lines(region.begin.line, region.end.line);
  const bool has_escaped_newline = raw.find("\\n") != std::string_view::npos;
  if (has_escaped_newline || raw.find("\r\n") == std::string_view::npos) {
    return plain;
  }
  return text::replace_all(plain, "\n", "\r\n");
}

TomlValue Converter::convert(const toml::node& node) const {
  TomlValue value;
  if (const auto* text = node.as_string()) {
    value.kind = TomlValue::Kind::kString;
    value.string = convert_string(*text);
  } else if (const auto* integer = node.as_integer()) {
    value.kind = TomlValue::Kind::kInteger;
    value.integer = integer->get();
  } else if (const auto* boolean = node.as_boolean()) {
    value.kind = TomlValue::Kind::kBoolean;
    value.boolean = boolean->get();
  } else if (node.is_floating_point()) {
    value.kind = TomlValue::Kind::kFloat;
  } else if (const auto* array = node.as_array()) {
    value.kind = TomlValue::Kind::kArray;
    value.array.reserve(array->size());
    for (const toml::node& element : *array) {
      value.array.push_back(convert(element));
    }
  } else if (const auto* table = node.as_table()) {
    value.kind = TomlValue::Kind::kTable;
    for (const auto& [key, entry] : *table) {
      value.table.emplace(std::string(key.str()), convert(entry));
    }
  } else {
    value.kind = TomlValue::Kind::kDateTime;
  }
  return value;
}

}  // namespace

const TomlValue* TomlValue::find(std::string_view key) const {
  const auto entry = table.find(key);
  return entry == table.end() ? nullptr : &entry->second;
}

std::string_view kind_name(TomlValue::Kind kind) {
  switch (kind) {
    case TomlValue::Kind::kString:
      return "a string";
    case TomlValue::Kind::kInteger:
      return "an integer";
    case TomlValue::Kind::kFloat:
      return "a float";
    case TomlValue::Kind::kBoolean:
      return "a boolean";
    case TomlValue::Kind::kDateTime:
      return "a date or time";
    case TomlValue::Kind::kArray:
      return "an array";
    case TomlValue::Kind::kTable:
      return "a table";
  }
  return "nothing";
}

Result<TomlValue> parse_toml(std::string_view text) {
  PCARGO_TRY(check_toml_is_bearable(text));
  const toml::parse_result result = toml::parse(text);
  if (!result) {
    const toml::parse_error& error = result.error();
    return Error{ErrorKind::kInput,
                 "line " + std::to_string(error.source().begin.line) + ", column " +
                     std::to_string(error.source().begin.column) + ": " + std::string(error.description())};
  }
  return Converter(text).convert(result.table());
}

}  // namespace pcargo::cargo
