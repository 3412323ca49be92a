// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/journals.h"

#include "cli/local_time.h"
#include "platform/files.h"
#include "record/journal.h"
#include "record/journal_reader.h"
#include "report/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <utility>

namespace pcargo::cli {

namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;

std::string_view outcome_word(const record::Timeline& timeline) {
  return !timeline.is_whole                        ? "a part"
         : timeline.outcome == Outcome::kSuccess   ? ""
         : timeline.outcome == Outcome::kCancelled ? "stopped"
                                                   : "failed";
}

std::optional<std::size_t> whole_number(const std::string& text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

}  // namespace

Result<record::Timeline> read_build(const std::string& file) {
  PCARGO_ASSIGN(const auto text, platform::read_regular_file(file, kMostBytes));
  auto timeline = record::read_journal(text);
  if (!timeline) {
    return std::move(timeline).error().context("failed to read the journal `" + file + "`");
  }
  return timeline;
}

std::string when(const record::Timeline& timeline) {
  return local_time(timeline.head.began_at_ms / 1000);
}

std::string list_builds(const std::vector<std::string>& journals, std::size_t columns) {
  constexpr std::size_t kWidestCause = 40;
  std::string text = "build  began                    took    ran  fresh           command\n";
  for (std::size_t i = 0; i < journals.size(); ++i) {
    const auto timeline = read_build(journals[i]);
    if (!timeline) {
      const Error& error = timeline.error();
      text += fmt::format("{:>5}  cannot be read: {}\n",
                          i + 1,
                          report::tame(error.causes.empty() ? error.message : error.causes.back(), kWidestCause));
      continue;
    }
    const auto ran = std::count_if(
        timeline->units.begin(), timeline->units.end(), [](const auto& unit) { return unit.start.has_value(); });
    const auto fresh = std::count_if(timeline->units.begin(), timeline->units.end(), [](const auto& unit) {
      return unit.end == record::UnitTimes::End::kFresh;
    });
    const std::string facts = fmt::format("{:>5}  {}  {:>8.2f} s  {:>5}  {:>5}  {:<7}  ",
                                          i + 1,
                                          when(*timeline),
                                          static_cast<double>(timeline->end) / 1e6,
                                          ran,
                                          fresh,
                                          outcome_word(*timeline));
    constexpr std::size_t kLeast = 10;
    text +=
        facts + report::tame(timeline->head.command, std::max(facts.size() + kLeast, columns) - facts.size()) + "\n";
  }
  return text;
}

Result<std::string> choose_build(const std::vector<std::string>& journals, const std::string& number) {
  const std::size_t build = whole_number(number).value_or(0);
  if (build == 0 || build > journals.size()) {
    return Error{
        ErrorKind::kUsage,
        fmt::format("there is no build `{}`: they are numbered from 1, the last, to {}; see `pcargo timings --list`",
                    number,
                    journals.size())};
  }
  return journals[build - 1];
}

Result<std::string> keep_builds(const Journals& journals, const std::string& text) {
  const auto count = whole_number(text);
  if (!count || journals.private_root.empty()) {
    return Error{ErrorKind::kUsage, "--keep takes a number of builds, of the workspace: `" + text + "`"};
  }
  const std::size_t gone = record::keep_journals(journals.private_root, *count);
  return fmt::format("{} of {} removed\n", gone, journals.files.size());
}

}  // namespace pcargo::cli
