// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/text.h"
#include "report/timings.h"
#include "report/timings_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace pcargo::report {

namespace {

using record::Microseconds;

constexpr std::size_t kMostGains = 8;
constexpr unsigned kFewestColumns = 40;

class Lines {
 public:
  explicit Lines(unsigned columns) : columns_(std::max(columns, kFewestColumns)) {}

  void step(Microseconds at, Microseconds took, const std::string& what, const std::string& after) {
    constexpr std::size_t kTimes = 18;
    const std::size_t room = columns_ - kTimes;
    const std::string head = tame(what, after.empty() ? room : room * 3 / 5);
    text_ += fmt::format("{:>8.2f}{:>8.2f}  {}", in_seconds(at), in_seconds(took), head);
    if (!after.empty()) {
      text_ += tame(", after " + after, room - width_of(head));
    }
    text_ += "\n";
  }

  void line(const std::string& text) { text_ += text + "\n"; }

  std::string take() { return std::move(text_); }

 private:
  static std::size_t width_of(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) {
      width += static_cast<std::size_t>(display_width(take_code_point(&text)));
    }
    return width;
  }

  std::size_t columns_;
  std::string text_;
};

void add_headline(const record::Timeline& timeline, std::string_view when, Lines* lines) {
  const auto& head = timeline.head;
  lines->line(fmt::format("`{}` of {}: {:.2f} s with {} job{}",
                          tame(head.command, 60),
                          when,
                          in_seconds(timeline.end),
                          head.jobs,
                          head.jobs == 1 ? "" : "s"));
  lines->line(counts_in_words(timeline));
  if (!timeline.is_whole) {
    lines->line("The build was killed, or its journal is damaged: this is a part of it");
  }
}

void add_path(const record::Timeline& timeline, const Timings& timings, Lines* lines) {
  lines->line("\nWhat it waited for, one after the other:\n      at    took  seconds");
  for (const PathLine& line : path_lines(timeline, timings)) {
    lines->step(line.begin, line.end - line.begin, line.what, line.after);
  }
}

void add_best(const record::Timeline& timeline, const Timings& timings, Lines* lines) {
  lines->line("\n" + best_in_words(timeline, timings));
  if (timings.gains.empty()) {
    return;
  }
  lines->line("\nWhat would be won if it took no time:");
  for (std::size_t i = 0; i < std::min(timings.gains.size(), kMostGains); ++i) {
    const auto& gain = timings.gains[i];
    const auto& unit = timeline.units[gain.unit];
    lines->line(fmt::format("{:>9.2f} s  of {:.2f} s  {}",
                            in_seconds(gain.won),
                            in_seconds(unit.finish.value_or(timeline.end) - unit.start.value_or(0)),
                            tame(unit_label(timeline.names[gain.unit]), 50)));
  }
}

}  // namespace

std::string unit_label(const record::UnitName& name) {
  std::string label = name.package + " " + name.version;
  if (name.kind == "custom-build") {
    label += " (build script)";
  } else if (name.mode == "test") {
    label += name.kind == "lib" ? " (lib test)" : " (" + name.kind + " " + name.target + " test)";
  } else if (name.kind == "bin" || name.kind == "example" || name.kind == "test" || name.kind == "bench") {
    label += " (" + name.kind + " " + name.target + ")";
  } else if (name.kind == "proc-macro") {
    label += " (macro)";
  }
  return name.platform.empty() ? label : label + " for " + name.platform;
}

std::string timings_as_text(const record::Timeline& timeline,
                            const Timings& timings,
                            std::string_view when,
                            unsigned columns) {
  Lines lines(columns);
  add_headline(timeline, when, &lines);
  add_path(timeline, timings, &lines);
  add_best(timeline, timings, &lines);
  return lines.take();
}

std::string timings_line(const record::Timeline& timeline, const Timings& timings) {
  constexpr std::size_t kColumns = 60;
  std::vector<std::pair<std::string, record::Microseconds>> packages;
  for (const graph::PathStep& step : timings.path) {
    const std::string& name = timeline.names[step.unit].package;
    if (packages.empty() || packages.back().first != name) {
      packages.emplace_back(name, 0);
    }
    packages.back().second += step.end - step.begin;
  }
  std::string path;
  bool left_out = false;
  for (const auto& [name, took] : packages) {
    const bool is_last = &name == &packages.back().first;
    if (took * 10 < timeline.end && !is_last) {
      left_out = true;
      continue;
    }
    path += path.empty() ? "" : " → ";
    path += left_out ? "… → " : "";
    path += name;
    left_out = false;
  }
  return fmt::format("built in {:.2f} s; best possible here {:.2f} s; the path: {}",
                     in_seconds(timeline.end),
                     in_seconds(timings.bound),
                     tame(path, kColumns));
}

}  // namespace pcargo::report
