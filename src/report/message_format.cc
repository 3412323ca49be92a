// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/message_format.h"

#include <optional>
#include <string_view>

namespace pcargo::report {
namespace {

std::string lowered(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') {
      c = static_cast<char>(c - 'A' + 'a');
    }
  }
  return lower;
}

Error two_kinds() {
  return {ErrorKind::kInput, "cannot specify two kinds of `message-format` arguments"};
}

/// A whole kind: it must be the first one named.
Result<void> choose(std::optional<MessageFormat>* chosen, MessageFormat format) {
  if (chosen->has_value()) {
    return two_kinds();
  }
  *chosen = format;
  return {};
}

/// A trait of JSON: brings JSON with it.
Result<void> refine(std::optional<MessageFormat>* chosen, bool MessageFormat::*trait) {
  if (!chosen->has_value()) {
    *chosen = MessageFormat{.json = true};
  }
  if (!(*chosen)->json) {
    return two_kinds();
  }
  (**chosen).*trait = true;
  return {};
}

Result<void> take(std::optional<MessageFormat>* chosen, const std::string& word) {
  if (word == "json") {
    return choose(chosen, {.json = true});
  }
  if (word == "human") {
    return choose(chosen, {});
  }
  if (word == "short") {
    return choose(chosen, {.short_diagnostics = true});
  }
  if (word == "json-render-diagnostics") {
    return refine(chosen, &MessageFormat::render_diagnostics);
  }
  if (word == "json-diagnostic-short") {
    return refine(chosen, &MessageFormat::short_diagnostics);
  }
  if (word == "json-diagnostic-rendered-ansi") {
    return refine(chosen, &MessageFormat::ansi);
  }
  return Error{ErrorKind::kInput, "invalid message format specifier: `" + word + "`"};
}

}  // namespace

Result<MessageFormat> parse_message_format(const std::vector<std::string>& values) {
  std::optional<MessageFormat> chosen;
  for (const std::string& value : values) {
    std::string_view rest = value;
    for (;;) {
      const std::size_t comma = rest.find(',');
      PCARGO_TRY(take(&chosen, lowered(rest.substr(0, comma))));
      if (comma == std::string_view::npos) {
        break;
      }
      rest.remove_prefix(comma + 1);
    }
  }
  return chosen.value_or(MessageFormat{});
}

}  // namespace pcargo::report
