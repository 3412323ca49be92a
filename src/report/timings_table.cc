// SPDX-License-Identifier: MIT OR Apache-2.0
// The faces for other programs' eyes: a table of units for spreadsheets, a summary for a page of a CI service.
#include "report/text.h"
#include "report/timings.h"
#include "report/timings_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace pcargo::report {

namespace {

using record::Microseconds;

constexpr std::size_t kWidest = 200;
constexpr std::size_t kMostSteps = 30;
constexpr std::size_t kMostGains = 8;

/// Quoted, on one line, and nothing that a spreadsheet would compute.
std::string cell(const std::string& text) {
  std::string out = "\"";
  if (!text.empty() && std::string_view("=+-@").find(text.front()) != std::string_view::npos) {
    out += "'";
  }
  for (const char letter : tame(text, kWidest * 10)) {
    out += letter == '"' ? std::string("\"\"") : std::string(1, letter);
  }
  return out + "\"";
}

std::string cell(const std::optional<Microseconds>& time) {
  return time ? std::to_string(*time) : "";
}

/// In a code span nothing is markup; but a `|` would end the table's cell, and what escapes it differs.
std::string code(const std::string& text) {
  std::string out = "`";
  for (const char letter : tame(text, kWidest)) {
    out += letter == '`' ? std::string("'") : letter == '|' ? std::string("¦") : std::string(1, letter);
  }
  return out + "`";
}

std::string advice_as_markdown(const Timings& timings) {
  std::string text = timings.advice.empty() ? "" : fmt::format("\n{}\n\n", advice_headline(timings));
  for (const Advice& one : timings.advice) {
    text += fmt::format("1. {:.2f} s: {}\n", in_seconds(one.won), one.text);
  }
  return text;
}

std::string path_as_markdown(const record::Timeline& timeline, const Timings& timings) {
  std::string text = "\n| at | took | what the build waited for | after |\n| ---: | ---: | --- | --- |\n";
  const auto lines = path_lines(timeline, timings);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines.size() > kMostSteps && i == kMostSteps / 2) {
      const std::size_t next = lines.size() - kMostSteps / 2;
      text += fmt::format("| {:.2f} s | {:.2f} s | {} more | |\n",
                          in_seconds(lines[i].begin),
                          in_seconds(lines[next].begin - lines[i].begin),
                          next - i);
      i = next;
    }
    const PathLine& line = lines[i];
    text += fmt::format("| {:.2f} s | {:.2f} s | {} | {} |\n",
                        in_seconds(line.begin),
                        in_seconds(line.end - line.begin),
                        code(line.what),
                        line.after.empty() ? "" : code(line.after));
  }
  return text;
}

std::string gap_as_markdown(const record::Timeline& timeline, const Timings& timings) {
  std::string text = fmt::format("\n{}\n\n| took | |\n| ---: | --- |\n", gap_headline(timeline, timings));
  for (const GapPart& part : notable_gap(timings)) {
    text += fmt::format("| {:.2f} s | {} |\n", in_seconds(part.took), part.words);
  }
  return text;
}

std::string gains_as_markdown(const record::Timeline& timeline, const Timings& timings) {
  if (timings.gains.empty()) {
    return {};
  }
  std::string text = "\n| if it took no time | would be won |\n| --- | ---: |\n";
  for (std::size_t i = 0; i < std::min(timings.gains.size(), kMostGains); ++i) {
    const auto& gain = timings.gains[i];
    text += fmt::format("| {} | {:.2f} s |\n", code(unit_label(timeline.names[gain.unit])), in_seconds(gain.won));
  }
  return text;
}

}  // namespace

std::string timings_as_csv(const record::Timeline& timeline, const Timings& timings) {
  const auto won = gains_by_unit(timeline, timings);
  std::string text =
      "package,version,target,kind,mode,platform,end,why,start_us,metadata_us,objects_us,link_us,finish_us,cpu_us,peak_"
      "kib,"
      "gain_us\r\n";
  for (UnitId id{0}; id.value < timeline.units.size(); ++id.value) {
    const auto& name = timeline.names[id];
    const auto& unit = timeline.units[id];
    for (const std::string* word :
         {&name.package, &name.version, &name.target, &name.kind, &name.mode, &name.platform}) {
      text += cell(*word) + ",";
    }
    text += fmt::format("\"{}\",{},", end_word(unit.end), cell(unit.why));
    for (const auto* time : {&unit.start, &unit.metadata, &unit.objects, &unit.link, &unit.finish}) {
      text += cell(*time) + ",";
    }
    text += fmt::format("{},{},{}\r\n", unit.cpu_us, unit.peak_kib, won[id]);
  }
  return text;
}

std::string timings_as_markdown(const record::Timeline& timeline, const Timings& timings, std::string_view when) {
  const auto& head = timeline.head;
  std::string text = fmt::format("### {}: {:.2f} s\n\n", code(head.command), in_seconds(timeline.end));
  text += fmt::format("{}, {} job{}: {}.", when, head.jobs, head.jobs == 1 ? "" : "s", counts_in_words(timeline));
  text += timeline.is_whole ? "\n" : " The build was killed, or its journal is damaged: this is a part of it.\n";
  return text + advice_as_markdown(timings) + path_as_markdown(timeline, timings) + gap_as_markdown(timeline, timings) +
         "\n" + best_in_words(timeline, timings) + "\n" + gains_as_markdown(timeline, timings);
}

}  // namespace pcargo::report
