// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/unit_messages.h"

#include "freshness/checker.h"

#include <algorithm>
#include <string>
#include <utility>

namespace pcargo::execute {

using Kind = UnitMessages::Kind;

void say_to(BuildObserver& observer, UnitId unit, Kind kind, std::string_view text) {
  switch (kind) {
    case Kind::kDiagnostic:
      observer.diagnostic(unit, text);
      return;
    case Kind::kFutureIncompat:
      observer.future_incompat_report(unit, text);
      return;
    case Kind::kStderrLine:
      observer.stderr_line(unit, text);
      return;
    case Kind::kStdoutLine:
      observer.stdout_line(unit, text);
      return;
  }
}

void UnitMessages::say(Kind kind, std::string_view text, bool may_be_withdrawn) {
  const bool is_error = kind == Kind::kDiagnostic && text.find("\"level\":\"error") != std::string_view::npos;
  if ((is_error && may_be_withdrawn) || !held_back_.empty()) {
    held_back_.push_back({kind, std::string(text)});
    return;
  }
  keep(kind, text);
  if (!is_said_already(kind, text)) {
    say_to(observer_, unit_, kind, text);
  }
}

void UnitMessages::say_what_was_held_back() {
  for (const auto& message : std::exchange(held_back_, {})) {
    keep(message.kind, message.text);
    say_to(observer_, unit_, message.kind, message.text);
  }
}

void UnitMessages::withdraw() {
  held_back_.clear();
}

void UnitMessages::begin_again() {
  withdraw();
  said_early_ = std::exchange(messages_, {});
  bytes_ = 0;
}

void UnitMessages::forget() {
  messages_.clear();
  bytes_ = 0;
}

std::optional<std::vector<freshness::Message>> UnitMessages::take() {
  return bytes_ <= freshness::kMostMessageBytes ? std::optional(std::move(messages_)) : std::nullopt;
}

void UnitMessages::keep(Kind kind, std::string_view text) {
  bytes_ += text.size();
  if (bytes_ <= freshness::kMostMessageBytes) {
    messages_.push_back({kind, std::string(text)});
  } else {
    messages_.clear();
  }
}

bool UnitMessages::is_said_already(Kind kind, std::string_view text) {
  const auto said = std::find_if(said_early_.begin(), said_early_.end(), [&](const freshness::Message& message) {
    return message.kind == kind && message.text == text;
  });
  if (said == said_early_.end()) {
    return false;
  }
  said_early_.erase(said);
  return true;
}

}  // namespace pcargo::execute
