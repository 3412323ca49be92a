// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/dep_info.h"

#include "cargo/text.h"

#include <unordered_set>
#include <utility>

namespace pcargo::cargo {
namespace {

Result<std::string> unescape(std::string_view escaped) {
  std::string plain;
  plain.reserve(escaped.size());
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    if (escaped[i] != '\\') {
      plain.push_back(escaped[i]);
      continue;
    }
    if (++i == escaped.size()) {
      return Error{ErrorKind::kInput, "unterminated escape character"};
    }
    switch (escaped[i]) {
      case '\\':
        plain.push_back('\\');
        break;
      case 'n':
        plain.push_back('\n');
        break;
      case 'r':
        plain.push_back('\r');
        break;
      default:
        return Error{ErrorKind::kInput, "unknown escape in `" + std::string(escaped) + "`"};
    }
  }
  return plain;
}

Result<void> read_prerequisites(std::string_view list, std::vector<std::string>* files) {
  std::unordered_set<std::string> seen;
  for (std::string_view word = text::take_word(&list); !word.empty(); word = text::take_word(&list)) {
    std::string file(word);
    // rustc escapes a blank in a path, and nothing else: several blanks in a row are not distinguishable, as for cargo.
    while (file.back() == '\\') {
      const std::string_view rest = text::take_word(&list);
      if (rest.empty()) {
        return Error{ErrorKind::kInput, "malformed dep-info format, trailing \\"};
      }
      file.back() = ' ';
      file += rest;
    }
    if (seen.insert(file).second) {
      files->push_back(std::move(file));
    }
  }
  return {};
}

Result<void> read_variable(std::string_view text, DepInfo* info) {
  const std::size_t equals = text.find('=');
  PCARGO_ASSIGN(std::string name, unescape(text.substr(0, equals)));
  std::optional<std::string> value;
  if (equals != std::string_view::npos) {
    PCARGO_ASSIGN(value, unescape(text.substr(equals + 1)));
  }
  info->env.emplace_back(std::move(name), std::move(value));
  return {};
}

}  // namespace

Result<DepInfo> parse_dep_info(std::string_view contents) {
  if (!text::is_utf8(contents)) {
    return Error{ErrorKind::kInput, "dep-info is not UTF-8"};
  }
  DepInfo info;
  bool found_rule = false;
  while (!contents.empty()) {
    std::string_view line = text::take_line(&contents);
    if (!line.empty() && line.back() == '\r') {
      line.remove_suffix(1);
    }
    if (auto variable = text::strip_prefix(line, "# env-dep:")) {
      PCARGO_TRY(read_variable(*variable, &info));
    } else if (const std::size_t colon = line.find(": "); colon != std::string_view::npos && !found_rule) {
      found_rule = true;
      PCARGO_TRY(read_prerequisites(line.substr(colon + 2), &info.files));
    }
  }
  return info;
}

}  // namespace pcargo::cargo
