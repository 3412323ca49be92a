// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/toml_guard.h"

#include <string>

namespace pcargo::cargo {
namespace {

constexpr int kDeepest = 64;  // cargo's parser: 80 in all

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  Result<void> run() {
    while (position_ < text_.size()) {
      const char c = text_[position_];
      if (c == '#') {
        skip_to(text_.find('\n', position_));
      } else if (c == '"' || c == '\'') {
        skip_string(c);
      } else {
        if (const char* mistake = look_at(c)) {
          return error(mistake);
        }
        ++position_;
      }
    }
    return {};
  }

 private:
  /// What is wrong with a character outside of strings and comments; nullptr if nothing is.
  const char* look_at(char c) {
    switch (c) {
      case '.':
        return ++dots_ > kDeepest ? "a key with too many parts" : nullptr;
      case '[':
      case '{':
        dots_ = 0;
        return ++depth_ > kDeepest ? "nested too deeply" : nullptr;
      case ']':
      case '}':
        depth_ -= depth_ > 0 ? 1 : 0;
        return nullptr;
      case '\n':
      case ',':
      case '=':
        dots_ = 0;
        return nullptr;
      default:
        return static_cast<unsigned char>(c) >= 0x80 ? "only ASCII is allowed outside of strings and comments"
                                                     : nullptr;
    }
  }

  void skip_string(char quote) {
    const std::string delimiter(text_.substr(position_, 3) == std::string(3, quote) ? 3 : 1, quote);
    const bool may_span_lines = delimiter.size() == 3;
    position_ += delimiter.size();
    while (position_ < text_.size() && text_.substr(position_, delimiter.size()) != delimiter) {
      if (text_[position_] == '\n' && !may_span_lines) {
        return;  // unterminated: the parser says so
      }
      position_ += text_[position_] == '\\' && quote == '"' ? 2 : 1;
    }
    skip_to(position_ + delimiter.size());
    // """a"""" ends with a quote of its own.
    while (may_span_lines && position_ < text_.size() && text_[position_] == quote) {
      ++position_;
    }
  }

  void skip_to(std::size_t position) { position_ = position < text_.size() ? position : text_.size(); }

  Error error(const char* mistake) const {
    std::size_t line = 1;
    std::size_t start = 0;
    for (std::size_t i = 0; i < position_; ++i) {
      if (text_[i] == '\n') {
        ++line;
        start = i + 1;
      }
    }
    return {ErrorKind::kInput,
            "line " + std::to_string(line) + ", column " + std::to_string(position_ - start + 1) + ": " + mistake};
  }

  std::string_view text_;
  std::size_t position_ = 0;
  int depth_ = 0;
  int dots_ = 0;
};

}  // namespace

Result<void> check_toml_is_bearable(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    text.remove_prefix(kByteOrderMark.size());
  }
  return Scanner(text).run();
}

}  // namespace pcargo::cargo
