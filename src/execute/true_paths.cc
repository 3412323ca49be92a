// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/true_paths.h"

#include <fmt/format.h>

namespace pcargo::execute {
namespace {

/// As it stands between quotes, of Rust's `{:?}` and of JSON alike but for what is no printable character.
std::string quoted(std::string_view text, const char* control_format) {
  std::string result;
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += {'\\', c};
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else if (c == '\r') {
      result += "\\r";
    } else if (static_cast<unsigned char>(c) < ' ') {
      result += fmt::format(fmt::runtime(control_format), static_cast<unsigned>(c));
    } else {
      result += c;
    }
  }
  return result;
}

std::string in_rust(std::string_view text) {
  return quoted(text, "\\u{{{:x}}}");
}

std::string in_json(std::string_view text) {
  return quoted(text, "\\u{:04x}");
}

/// Where another name goes on, it is another name.
bool name_ends(std::string_view text, std::size_t at) {
  if (at == text.size()) {
    return true;
  }
  const char c = text[at];
  const bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return !is_word && c != '-' && c != '_' && static_cast<unsigned char>(c) < 0x80;
}

void replace(std::string* text, std::string_view from, std::string_view to) {
  for (auto at = text->find(from); at != std::string::npos; at = text->find(from, at)) {
    if (name_ends(*text, at + from.size())) {
      text->replace(at, from.size(), to);
      at += to.size();
    } else {
      ++at;
    }
  }
}

}  // namespace

std::string with_true_paths(std::string_view line, const std::vector<TruePath>& paths) {
  std::string result(line);
  for (const auto& [told, meant] : paths) {
    const auto in_quotes = in_json(told);
    const auto in_both = in_json(in_rust(told));
    replace(&result, in_both, in_json(in_rust(meant)));
    if (in_quotes != in_both) {  // nearly no path has anything to quote
      replace(&result, in_quotes, in_json(meant));
    }
    if (told != in_quotes) {
      replace(&result, told, meant);
    }
  }
  return result;
}

}  // namespace pcargo::execute
