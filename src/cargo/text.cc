// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/text.h"

#include <algorithm>
#include <cstdint>

namespace pcargo::cargo::text {
namespace {

struct Character {
  char32_t value = 0;
  std::size_t length = 0;  // 0: not UTF-8
};

/// The character that `text`, which is not empty, begins with.
Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) {
    return {lead, 1};
  }
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) {
    return {};
  }
  char32_t value = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) {
      return {};
    }
    value = value << 6U | (byte(i) & 0x3fU);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < kSmallest[length] || value > 0x10ffff || is_surrogate) {
    return {};
  }
  return {value, length};
}

/// Unicode's White_Space property.
bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0d) || c == ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

/// How many bytes of white space `text` begins with (at most one character's).
std::size_t leading_space(std::string_view text) {
  if (text.empty()) {
    return 0;
  }
  const Character first = first_character(text);
  return is_space(first.value) ? first.length : 0;
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t length = first_character(bytes).length;
    if (length == 0) {
      return false;
    }
    bytes.remove_prefix(length);
  }
  return true;
}

std::string_view trim_end(std::string_view text) {
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xc0U) == 0x80) {
      --start;
    }
    if (leading_space(text.substr(start)) == 0) {
      break;
    }
    text = text.substr(0, start);
  }
  return text;
}

std::string_view trim(std::string_view text) {
  while (const std::size_t space = leading_space(text)) {
    text.remove_prefix(space);
  }
  return trim_end(text);
}

std::string_view take_word(std::string_view* text) {
  while (const std::size_t space = leading_space(*text)) {
    text->remove_prefix(space);
  }
  std::size_t end = 0;
  while (end < text->size() && leading_space(text->substr(end)) == 0) {
    end += std::max<std::size_t>(first_character(text->substr(end)).length, 1);
  }
  const std::string_view word = text->substr(0, end);
  text->remove_prefix(end);
  return word;
}

std::string_view take_line(std::string_view* text) {
  const std::string_view line = text->substr(0, text->find('\n'));
  text->remove_prefix(std::min(text->size(), line.size() + 1));
  return line;
}

std::optional<std::string_view> strip_prefix(std::string_view text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) {
    return std::nullopt;
  }
  return text.substr(prefix.size());
}

std::optional<std::pair<std::string_view, std::string_view>> split_once(std::string_view text, char separator) {
  const std::size_t position = text.find(separator);
  if (position == std::string_view::npos) {
    return std::nullopt;
  }
  return std::pair(text.substr(0, position), text.substr(position + 1));
}

std::string replace_all(std::string_view text, std::string_view old_part, std::string_view new_part) {
  std::string result;
  std::size_t start = 0;
  for (std::size_t found = old_part.empty() ? std::string_view::npos : text.find(old_part);
       found != std::string_view::npos;
       found = text.find(old_part, start)) {
    result.append(text.substr(start, found - start)).append(new_part);
    start = found + old_part.size();
  }
  return result.append(text.substr(start));
}

}  // namespace pcargo::cargo::text
