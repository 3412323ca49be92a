// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/diagnostics.h"

#include "report/text.h"
#include "report/unit_names.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace pcargo::report {
namespace {

using Json = nlohmann::json;
using Kind = DiagnosticLine::Kind;

/// serde_json gives up on values nested deeper than this; so do we, before anything recurses.
constexpr std::size_t kDeepestRewritten = 127;

std::optional<std::string> string_member(const Json& object, const char* key) {
  auto found = object.find(key);
  if (found == object.end() || !found->is_string()) {
    return std::nullopt;
  }
  return found->get<std::string>();
}

/// rustc's own summary lines: cargo says it in its own words.
bool is_summary(std::string_view message) {
  auto ends_with = [&](std::string_view tail) {
    return message.size() >= tail.size() && message.substr(message.size() - tail.size()) == tail;
  };
  return message.substr(0, 15) == "aborting due to" || ends_with("warning emitted") || ends_with("warnings emitted");
}

/// `code` of a diagnostic is null, missing, or an object with a string `code`.
bool has_valid_code(const Json& message, bool* is_lint) {
  auto found = message.find("code");
  *is_lint = found != message.end() && !found->is_null();
  return !*is_lint || (found->is_object() && string_member(*found, "code").has_value());
}

/// Children's spans; nullopt if they do not have cargo's shape, which makes the line no diagnostic.
std::optional<bool> machine_applicable(const Json& message) {
  auto children = message.find("children");
  if (children == message.end() || !children->is_array()) {
    return std::nullopt;
  }
  bool applicable = false;
  for (const Json& child : *children) {
    if (!child.is_object() || !child.contains("spans") || !child["spans"].is_array()) {
      return std::nullopt;
    }
    for (const Json& span : child["spans"]) {
      if (!span.is_object()) {
        return std::nullopt;
      }
      applicable = applicable || string_member(span, "suggestion_applicability") == "MachineApplicable";
    }
  }
  return applicable;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kJsonSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kJsonSpace);
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(kJsonSpace) - first + 1);
}

/// What is left of a JSON line that is no diagnostic for the format at hand: an artifact notice, or something to embed.
DiagnosticLine read_other(const Json& message, std::string embedded, bool drops_summaries = true) {
  DiagnosticLine other{Kind::kMessage, std::move(embedded)};
  if (!message.is_object()) {
    return other;
  }
  if (string_member(message, "artifact")) {
    return {Kind::kSilent};
  }
  const auto text = string_member(message, "message");
  const auto level = string_member(message, "level");
  if (text && level) {
    if (drops_summaries && is_summary(*text)) {
      return {Kind::kSilent};
    }
    other.level = *level;
  }
  return other;
}

/// Keys in the order that cargo's struct and its sorted map of the rest give.
std::string rewrite(Json message, bool code_comes_last) {
  std::string json = "{\"rendered\":";
  append_json_string(&json, strip_ansi(message["rendered"].get<std::string>()));
  Json code = message.contains("code") ? message["code"] : Json();
  message.erase("rendered");
  if (code_comes_last) {
    message.erase("code");
  }
  for (const auto& [key, value] : message.items()) {
    json += ',';
    append_json_string(&json, key);
    json += ':' + value.dump();
  }
  if (!code_comes_last) {
    return json + "}";
  }
  json += ",\"code\":";
  if (code.is_null()) {
    return json + "null}";
  }
  json += "{\"code\":" + code["code"].dump();
  for (const auto& [key, value] : code.items()) {
    if (key != "code") {
      json += ',';
      append_json_string(&json, key);
      json += ':' + value.dump();
    }
  }
  return json + "}}";
}

std::string plural(std::size_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

/// CLIPPY_ARGS joins arguments with a marker.
std::string clippy_arguments(std::string_view joined) {
  constexpr std::string_view kMarker = "__CLIPPY_HACKERY__";
  std::string arguments(joined);
  for (std::size_t at = 0; (at = arguments.find(kMarker, at)) != std::string::npos; ++at) {
    arguments.replace(at, kMarker.size(), " ");
  }
  return arguments.substr(0, arguments.find_last_not_of(" \t\n\f\r") + 1);
}

std::string fix_hint(std::size_t fixable, const SummaryContext& context) {
  const std::string_view command = context.is_clippy ? "cargo clippy --fix" : "cargo fix";
  const std::string_view tests = is_test_of_ordinary_target(context.target, context.mode) ? " --tests" : "";
  std::string lints;
  if (context.is_clippy && context.clippy_args) {
    lints = " -- " + clippy_arguments(*context.clippy_args);
  }
  return fmt::format(" (run `{} --{} -p {}{}{}` to apply {})",
                     command,
                     target_description(context.target),
                     context.package_name,
                     tests,
                     lints,
                     plural(fixable, "suggestion"));
}

}  // namespace

DiagnosticLine read_for_text(std::string_view line) {
  if (line.empty() || line.front() != '{') {
    return {};
  }
  const Json message = Json::parse(line, nullptr, false);
  if (message.is_discarded()) {
    return {};
  }
  auto rendered = string_member(message, "rendered");
  const auto text = string_member(message, "message");
  auto level = string_member(message, "level");
  const auto applicable = machine_applicable(message);
  bool is_lint = false;
  if (!rendered || !text || !level || !applicable || !has_valid_code(message, &is_lint)) {
    return read_other(message, std::string(trimmed(line)));
  }
  if (is_summary(*text)) {
    return {Kind::kSilent};
  }
  if (!rendered->empty() && rendered->back() == '\n') {
    rendered->pop_back();
  }
  // Not done: the note under `exported_private_dependencies`, a lint that needs an unstable cargo feature.
  return {Kind::kRendered, std::move(*rendered), std::move(*level), is_lint, *applicable};
}

DiagnosticLine read_for_json(std::string_view line, bool ansi, const cargo::Capabilities& capabilities) {
  if (line.empty() || line.front() != '{') {
    return {};
  }
  Json message = Json::parse(line, nullptr, false);
  if (message.is_discarded()) {
    return {};
  }
  bool is_lint = false;
  const bool rewritable = !ansi && string_member(message, "rendered") && has_valid_code(message, &is_lint) &&
                          json_depth(line) <= kDeepestRewritten;
  std::string embedded(trimmed(line));
  if (!rewritable) {
    return read_other(message, std::move(embedded), capabilities.messages_have_no_summary);
  }
  DiagnosticLine read = read_other(message, {}, capabilities.messages_have_no_summary);
  if (read.kind == Kind::kMessage) {
    read.text = rewrite(std::move(message), capabilities.message_code_comes_last);
  }
  return read;
}

void DiagnosticCounts::count_level(std::string_view level) {
  if (level == "warning") {
    ++warnings;
  } else if (level == "error") {
    ++errors;
  }
}

void DiagnosticCounts::count_shown(const DiagnosticLine& diagnostic, bool emitted) {
  if (diagnostic.level == "error") {
    may_suggest_fix = false;
  } else if (diagnostic.level == "warning") {
    ++shown_warnings;
    if (!emitted) {
      ++duplicates;
    } else if (diagnostic.machine_applicable) {
      ++fixable;
    }
  }
}

bool DuplicateFilter::insert(std::string_view rendered) {
  return seen_.insert(std::hash<std::string_view>{}(rendered)).second;
}

std::optional<std::string> warning_summary(const DiagnosticCounts& counts, const SummaryContext& context) {
  if (counts.shown_warnings == 0) {
    return std::nullopt;
  }
  std::string summary = unit_description(context.package_name, context.target, context.mode) + " generated " +
                        plural(counts.shown_warnings, "warning");
  if (counts.duplicates > 0) {
    summary += " (" + plural(counts.duplicates, "duplicate") + ")";
  }
  // `cargo fix` has no option for build scripts.
  if (context.capabilities.suggests_fixes && context.is_local && counts.may_suggest_fix && counts.fixable > 0 &&
      !context.target.is_custom_build()) {
    summary += fix_hint(counts.fixable, context);
  }
  return summary;
}

std::string failure_headline(const DiagnosticCounts& counts, const SummaryContext& context) {
  std::string headline = "could not compile ";
  headline += context.capabilities.names_target_of_failure
                  ? unit_description(context.package_name, context.target, context.mode)
                  : "`" + std::string(context.package_name) + "`";
  if (counts.errors == 1 && !context.capabilities.counts_single_error) {
    headline += " due to previous error";
  } else if (counts.errors > 0) {
    headline += " due to " + plural(counts.errors, "previous error");
  }
  if (counts.warnings > 0) {
    headline += "; " + plural(counts.warnings, "warning") + " emitted";
  }
  return headline;
}

}  // namespace pcargo::report
