// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/lock_holder.h"

#include <unistd.h>

#include <charconv>
#include <ctime>

namespace pcargo::platform {
namespace {

constexpr std::size_t kMostShown = 200;

/// One line without control characters and without bytes that may be anything.
std::string sanitised(std::string_view text) {
  std::string shown;
  for (const char c : text.substr(0, kMostShown)) {
    shown += c >= ' ' && c <= '~' ? c : '?';
  }
  return shown + (text.size() > kMostShown ? "..." : "");
}

/// What follows `key` and a blank at the start of the next line; the line is taken off.
std::optional<std::string_view> take_line(std::string_view* text, std::string_view key) {
  const auto end = text->find('\n');
  std::string_view line = text->substr(0, end);
  if (end == std::string_view::npos || !line.starts_with(key) || line.size() <= key.size()) {
    return std::nullopt;
  }
  text->remove_prefix(end + 1);
  return line.substr(key.size() + 1);
}

std::optional<std::int64_t> take_number(std::string_view* text, std::string_view key) {
  const auto word = take_line(text, key);
  std::int64_t number = 0;
  if (!word || std::from_chars(word->data(), word->data() + word->size(), number).ptr != word->data() + word->size()) {
    return std::nullopt;
  }
  return number > 0 ? std::optional(number) : std::nullopt;
}

}  // namespace

LockHolder this_process(std::string command) {
  char host[256] = "";
  (void)::gethostname(host, sizeof host - 1);
  return {::getpid(), host, std::time(nullptr), std::move(command)};
}

std::string to_text(const LockHolder& holder) {
  return "pid " + std::to_string(holder.pid) + "\nhost " + sanitised(holder.host) + "\nsince " +
         std::to_string(holder.since) + "\ncommand " + sanitised(holder.command) + "\n";
}

std::optional<LockHolder> parse_lock_holder(std::string_view text) {
  const auto pid = take_number(&text, "pid");
  const auto host = take_line(&text, "host");
  const auto since = take_number(&text, "since");
  const auto command = take_line(&text, "command");
  if (!pid || !host || !since || !command) {
    return std::nullopt;
  }
  return LockHolder{*pid, sanitised(*host), *since, sanitised(*command)};
}

}  // namespace pcargo::platform
