// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

namespace pcargo::report {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool is_continuation(unsigned char byte) {
  return byte >= 0x80 && byte <= 0xbf;
}

/// What a lead byte asks for: how many bytes, and the range of the second one (Unicode table 3-7).
struct Sequence {
  std::size_t length;
  unsigned char second_low = 0x80;
  unsigned char second_high = 0xbf;
};

Sequence sequence_of(unsigned char lead) {
  if (lead < 0x80) {
    return {1};
  }
  if (lead >= 0xc2 && lead <= 0xdf) {
    return {2};
  }
  switch (lead) {
    case 0xe0:
      return {3, 0xa0, 0xbf};
    case 0xed:
      return {3, 0x80, 0x9f};
    case 0xf0:
      return {4, 0x90, 0xbf};
    case 0xf4:
      return {4, 0x80, 0x8f};
    default:
      break;
  }
  if (lead >= 0xe1 && lead <= 0xef) {
    return {3};
  }
  return lead >= 0xf1 && lead <= 0xf3 ? Sequence{4} : Sequence{0};
}

/// Length of the sequence at the front, and how many of its bytes are good. Equal: a valid code point.
std::pair<std::size_t, std::size_t> measure(std::string_view bytes) {
  const Sequence sequence = sequence_of(static_cast<unsigned char>(bytes[0]));
  if (sequence.length == 0) {
    return {1, 0};
  }
  std::size_t good = 1;
  while (good < sequence.length && good < bytes.size()) {
    const auto byte = static_cast<unsigned char>(bytes[good]);
    const bool fits = good == 1 ? byte >= sequence.second_low && byte <= sequence.second_high : is_continuation(byte);
    if (!fits) {
      break;
    }
    ++good;
  }
  return {sequence.length, good};
}

struct Range {
  char32_t first;
  char32_t last;
};

bool contains(const Range* begin, const Range* end, char32_t c) {
  const Range* found =
      std::lower_bound(begin, end, c, [](const Range& range, char32_t value) { return range.last < value; });
  return found != end && found->first <= c;
}

constexpr Range kZeroWidth[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x05bf, 0x05bf},   {0x05c1, 0x05c2},   {0x05c4, 0x05c5},
    {0x0610, 0x061a}, {0x064b, 0x065f}, {0x0670, 0x0670}, {0x06d6, 0x06dc},   {0x06df, 0x06e4},   {0x06e7, 0x06e8},
    {0x06ea, 0x06ed}, {0x0900, 0x0902}, {0x093a, 0x093a}, {0x093c, 0x093c},   {0x0941, 0x0948},   {0x094d, 0x094d},
    {0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e}, {0x1160, 0x11ff},   {0x1ab0, 0x1aff},   {0x1dc0, 0x1dff},
    {0x200b, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x206f}, {0x20d0, 0x20f0},   {0x302a, 0x302d},   {0x3099, 0x309a},
    {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0x1f3fb, 0x1f3ff}, {0xe0000, 0xe0fff},
};

constexpr Range kDoubleWidth[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a},   {0x23e9, 0x23ec},   {0x2e80, 0x3029},
    {0x302e, 0x303e},   {0x3041, 0x3098},   {0x309b, 0x33ff},   {0x3400, 0x4dbf},   {0x4e00, 0xa4cf},
    {0xa960, 0xa97c},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe10, 0xfe19},   {0xfe30, 0xfe6b},
    {0xff01, 0xff60},   {0xffe0, 0xffe6},   {0x16fe0, 0x18cff}, {0x1b000, 0x1b2ff}, {0x1f300, 0x1f320},
    {0x1f32d, 0x1f335}, {0x1f337, 0x1f37c}, {0x1f380, 0x1f393}, {0x1f3a0, 0x1f3ca}, {0x1f400, 0x1f43e},
    {0x1f442, 0x1f4fc}, {0x1f600, 0x1f64f}, {0x1f680, 0x1f6c5}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};

}  // namespace

std::string to_valid_utf8(std::string_view bytes) {
  std::string valid;
  valid.reserve(bytes.size());
  while (!bytes.empty()) {
    const auto [length, good] = measure(bytes);
    if (length == good) {
      valid.append(bytes.substr(0, length));
      bytes.remove_prefix(length);
    } else {
      valid.append(kReplacement);
      bytes.remove_prefix(std::max<std::size_t>(good, 1));
    }
  }
  return valid;
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    width += static_cast<std::size_t>(display_width(take_code_point(&text)));
  }
  return width;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const auto word = text.substr(begin, end - begin);
    if (lines.empty() || width_of(lines.back()) + 1 + width_of(word) > columns) {
      lines.emplace_back(word);
    } else {
      lines.back() += " " + std::string(word);
    }
    begin = end + 1;
  }
  return lines;
}

std::string indented_lines(std::string_view text) {
  std::string indented;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && line.back() == '\r') {
      line.remove_suffix(1);
    }
    if (!line.empty()) {
      indented.append("  ").append(line);
    }
    indented += '\n';
  }
  return indented;
}

std::string format_elapsed(std::chrono::nanoseconds elapsed) {
  const auto hundredths = std::max<std::int64_t>(elapsed.count(), 0) / 10'000'000;
  const auto seconds = hundredths / 100;
  if (seconds >= 60) {
    return fmt::format("{}m {:02}s", seconds / 60, seconds % 60);
  }
  return fmt::format("{}.{:02}s", seconds, hundredths % 100);
}

void append_json_string(std::string* json, std::string_view text) {
  *json += '"';
  for (const char c : to_valid_utf8(text)) {
    switch (c) {
      case '"':
        *json += "\\\"";
        break;
      case '\\':
        *json += "\\\\";
        break;
      case '\b':
        *json += "\\b";
        break;
      case '\f':
        *json += "\\f";
        break;
      case '\n':
        *json += "\\n";
        break;
      case '\r':
        *json += "\\r";
        break;
      case '\t':
        *json += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          *json += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          *json += c;
        }
    }
  }
  *json += '"';
}

std::size_t json_depth(std::string_view json) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

int display_width(char32_t code_point) {
  if (code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0)) {
    return 0;
  }
  if (code_point < 0x0300) {
    return code_point == 0xad ? 0 : 1;
  }
  if (contains(std::begin(kZeroWidth), std::end(kZeroWidth), code_point)) {
    return 0;
  }
  return contains(std::begin(kDoubleWidth), std::end(kDoubleWidth), code_point) ? 2 : 1;
}

char32_t take_code_point(std::string_view* text) {
  const auto lead = static_cast<unsigned char>((*text)[0]);
  const std::size_t length = std::min(std::max<std::size_t>(sequence_of(lead).length, 1), text->size());
  constexpr unsigned kLeadMask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
  char32_t code_point = lead & kLeadMask[length];
  for (std::size_t i = 1; i < length; ++i) {
    code_point = (code_point << 6) | (static_cast<unsigned char>((*text)[i]) & 0x3f);
  }
  text->remove_prefix(length);
  return code_point;
}

std::string tame(std::string_view text, std::size_t columns) {
  const std::string valid = to_valid_utf8(text);
  std::string out;
  std::size_t width = 0;
  for (std::string_view rest = valid; !rest.empty();) {
    const std::string_view before = rest;
    const char32_t point = take_code_point(&rest);
    const bool is_hostile = point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0x2028 && point <= 0x202e) ||
                            (point >= 0x2066 && point <= 0x2069) || point == 0x200e || point == 0x200f;
    const auto wide = static_cast<std::size_t>(is_hostile ? 1 : display_width(point));
    if (width + wide > columns - (rest.empty() ? 0 : 1)) {
      return out + "…";
    }
    width += wide;
    out += is_hostile ? std::string("?") : std::string(before.substr(0, before.size() - rest.size()));
  }
  return out;
}

}  // namespace pcargo::report
