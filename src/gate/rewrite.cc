// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gate/rewrite.h"

namespace pcargo::gate {
namespace {

constexpr std::string_view kSearchPath = "-L";

/// Is it a character that file names usually have? Then what is found beside it is part of a longer name.
bool is_of_a_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-' || static_cast<unsigned char>(c) >= 0x80;
}

bool path_begins(std::string_view text, std::size_t at) {
  if (at == 0) {
    return true;
  }
  const auto before = text.substr(0, at);
  const bool is_search_path =
      before.ends_with(kSearchPath) && (before == kSearchPath || !is_of_a_name(before[before.size() - 3]));
  return is_search_path || (!is_of_a_name(before.back()) && before.back() != '/');
}

bool component_ends(std::string_view text, std::size_t at) {
  return at == text.size() || !is_of_a_name(text[at]);
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  std::size_t kept = 0;
  for (auto at = text.find(from); at != std::string_view::npos && !from.empty(); at = text.find(from, at + 1)) {
    if (at >= kept && path_begins(text, at) && component_ends(text, at + from.size())) {
      result.append(text.substr(kept, at - kept)).append(to);
      kept = at + from.size();
    }
  }
  return result.append(text.substr(kept));
}

std::string escaped(std::string_view path) {
  std::string result;
  for (const char c : path) {
    if (c == '\\' || c == ' ') {
      result += '\\';
    }
    result += c;
  }
  return result;
}

}  // namespace

std::string rewrite_argument(std::string_view argument, const std::vector<Replacement>& directories) {
  std::string result(argument);
  for (const auto& [from, to] : directories) {
    result = replaced(result, from, to);
  }
  return result;
}

std::string rewrite_response(std::string_view text, const std::vector<Replacement>& directories) {
  std::string result(text);
  for (const auto& [from, to] : directories) {
    result = replaced(result, escaped(from), escaped(to));
  }
  return result;
}

}  // namespace pcargo::gate
