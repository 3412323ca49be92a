// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/cfg_expression.h"

#include <algorithm>

namespace pcargo::cargo {
namespace {

// More levels than anyone writes; a bound, because the parser calls itself.
constexpr int kMaxDepth = 500;

struct Token {
  enum class Kind { kLeftParen, kRightParen, kComma, kEquals, kIdentifier, kString, kEnd } kind = Kind::kEnd;
  std::string_view text = {};  ///< of identifiers and strings
  bool is_raw = false;         ///< of identifiers: r#name

  bool is_word(std::string_view word) const { return kind == Kind::kIdentifier && !is_raw && text == word; }
};

std::string name_of(Token::Kind kind) {
  switch (kind) {
    case Token::Kind::kLeftParen:
      return "`(`";
    case Token::Kind::kRightParen:
      return "`)`";
    case Token::Kind::kComma:
      return "`,`";
    case Token::Kind::kEquals:
      return "`=`";
    case Token::Kind::kIdentifier:
      return "an identifier";
    case Token::Kind::kString:
      return "a string";
    case Token::Kind::kEnd:
      return "the end";
  }
  return {};
}

bool starts_identifier(char c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool continues_identifier(char c) {
  return starts_identifier(c) || (c >= '0' && c <= '9');
}

/// The character at the front, all its bytes.
std::string_view first_character(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) {
    ++size;
  }
  return text.substr(0, size);
}

}  // namespace

class CfgParser {
 public:
  explicit CfgParser(std::string_view text) : text_(text), rest_(text) {}

  Result<CfgExpression> parse() {
    PCARGO_ASSIGN(auto expression, parse_expression(0));
    rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
    if (!rest_.empty()) {
      return wrong("unexpected content `" + std::string(rest_) + "` found after cfg expression");
    }
    return expression;
  }

 private:
  using Kind = CfgExpression::Kind;

  Error wrong(const std::string& what) const {
    return Error{ErrorKind::kInput, "failed to parse `" + std::string(text_) + "` as a cfg expression: " + what};
  }
  Error unexpected(const std::string& expected, const Token& found) const {
    return found.kind == Token::Kind::kEnd ? wrong("expected " + expected + ", but cfg expression ended")
                                           : wrong("expected " + expected + ", found " + name_of(found.kind));
  }

  Result<CfgExpression> parse_expression(int depth) {
    const std::string_view start = rest_;
    PCARGO_ASSIGN(const Token token, next());
    if (depth > kMaxDepth) {
      return wrong("nested too deeply");
    }
    if (token.is_word("all") || token.is_word("any")) {
      return parse_list(token.is_word("all") ? Kind::kAll : Kind::kAny, depth);
    }
    if (token.is_word("not")) {
      PCARGO_TRY(expect(Token::Kind::kLeftParen));
      CfgExpression expression;
      expression.kind_ = Kind::kNot;
      PCARGO_ASSIGN(auto operand, parse_expression(depth + 1));
      expression.operands_.push_back(std::move(operand));
      PCARGO_TRY(expect(Token::Kind::kRightParen));
      return expression;
    }
    if (token.kind == Token::Kind::kEnd) {
      return unexpected("start of a cfg expression", token);
    }
    rest_ = start;
    return parse_value();
  }

  Result<CfgExpression> parse_list(Kind kind, int depth) {
    CfgExpression expression;
    expression.kind_ = kind;
    PCARGO_TRY(expect(Token::Kind::kLeftParen));
    while (!accept(Token::Kind::kRightParen)) {
      PCARGO_ASSIGN(auto operand, parse_expression(depth + 1));
      expression.operands_.push_back(std::move(operand));
      if (!accept(Token::Kind::kComma)) {
        PCARGO_TRY(expect(Token::Kind::kRightParen));
        break;
      }
    }
    return expression;
  }

  /// `name` or `name = "value"`.
  Result<CfgExpression> parse_value() {
    PCARGO_ASSIGN(const Token name, next());
    if (name.kind != Token::Kind::kIdentifier) {
      return unexpected("identifier", name);
    }
    CfgExpression expression;
    expression.kind_ = Kind::kValue;
    expression.name_ = std::string(name.text);
    if (accept(Token::Kind::kEquals)) {
      PCARGO_ASSIGN(const Token value, next());
      if (value.kind != Token::Kind::kString) {
        return unexpected("a string", value);
      }
      expression.value_ = std::string(value.text);
    } else if (name.text == "true" || name.text == "false") {
      // Raw or not: an identifier is its name.
      expression.kind_ = name.text == "true" ? Kind::kTrue : Kind::kFalse;
    }
    return expression;
  }

  bool accept(Token::Kind kind) {
    const std::string_view start = rest_;
    const auto token = next();
    if (token && token->kind == kind) {
      return true;
    }
    rest_ = start;
    return false;
  }

  Result<void> expect(Token::Kind kind) {
    PCARGO_ASSIGN(const Token token, next());
    return token.kind == kind ? Result<void>() : unexpected(name_of(kind), token);
  }

  Result<Token> next() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
    if (rest_.empty()) {
      return Token{};
    }
    constexpr std::string_view kPunctuation = "(),=";
    const char c = rest_.front();
    if (const auto place = kPunctuation.find(c); place != std::string_view::npos) {
      rest_.remove_prefix(1);
      return Token{static_cast<Token::Kind>(place)};
    }
    if (c == '"') {
      const auto end = rest_.find('"', 1);
      if (end == std::string_view::npos) {
        return wrong("unterminated string in cfg");
      }
      const Token token{Token::Kind::kString, rest_.substr(1, end - 1)};
      rest_.remove_prefix(end + 1);
      return token;
    }
    return next_identifier();
  }

  Result<Token> next_identifier() {
    const bool is_raw = rest_.substr(0, 2) == "r#";
    rest_.remove_prefix(is_raw ? 2 : 0);
    if (rest_.empty()) {
      return unexpected("identifier", Token{});
    }
    if (!starts_identifier(rest_.front())) {
      return wrong("unexpected character `" + std::string(first_character(rest_)) +
                   "` in cfg, expected parens, a comma, an identifier, or a string");
    }
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), continues_identifier);
    const Token token{Token::Kind::kIdentifier, rest_.substr(0, static_cast<std::size_t>(end - rest_.begin())), is_raw};
    rest_.remove_prefix(token.text.size());
    return token;
  }

  std::string_view text_;
  std::string_view rest_;
};

Result<CfgExpression> CfgExpression::parse(std::string_view text) {
  return CfgParser(text).parse();
}

bool CfgExpression::matches(const CfgSet& cfg) const {
  const auto holds = [&](const CfgExpression& operand) { return operand.matches(cfg); };
  switch (kind_) {
    case Kind::kNot:
      return !operands_.front().matches(cfg);
    case Kind::kAll:
      return std::all_of(operands_.begin(), operands_.end(), holds);
    case Kind::kAny:
      return std::any_of(operands_.begin(), operands_.end(), holds);
    case Kind::kValue:
      return std::find(cfg.begin(), cfg.end(), std::pair(name_, value_)) != cfg.end();
    case Kind::kTrue:
      return true;
    case Kind::kFalse:
      return false;
  }
  return false;
}

bool cfg_key_matches(std::string_view key, const CfgSet& cfg) {
  if (key.substr(0, 4) != "cfg(" || key.back() != ')') {
    return false;
  }
  const auto expression = CfgExpression::parse(key.substr(4, key.size() - 5));
  return expression && expression->matches(cfg);
}

}  // namespace pcargo::cargo
