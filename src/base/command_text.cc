// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/command_text.h"

#include <algorithm>

namespace pcargo {

namespace {

bool is_harmless(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-_=/,.+").find(c) != std::string_view::npos;
}

}  // namespace

std::string shell_escape(std::string_view word) {
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_harmless)) {
    return std::string(word);
  }
  std::string escaped = "'";
  for (char c : word) {
    if (c == '\'' || c == '!') {
      escaped += "'\\";
      escaped += c;
      escaped += '\'';
    } else {
      escaped += c;
    }
  }
  return escaped + '\'';
}

std::string display_command(const std::map<std::string, std::string>& variables, const std::vector<std::string>& argv) {
  std::string text = "`";
  for (const auto& [name, value] : variables) {
    text += name + "=" + shell_escape(value) + " ";
  }
  for (std::size_t i = 0; i < argv.size(); ++i) {
    text += i == 0 ? argv[i] : " " + shell_escape(argv[i]);
  }
  return text + "`";
}

}  // namespace pcargo
