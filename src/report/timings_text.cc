// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/parallelism.h"
#include "report/parts.h"
#include "report/text.h"
#include "report/timings.h"
#include "report/timings_path.h"
#include "report/timings_simulation.h"
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

  void entry(Microseconds won, std::string_view text) {
    constexpr std::size_t kTime = 12;
    std::string head = fmt::format("{:>8.2f} s  ", in_seconds(won));
    for (const std::string& part : wrapped(text, columns_ - kTime)) {
      text_ += head + part + "\n";
      head.assign(kTime, ' ');
    }
  }

  std::size_t room_beside(std::size_t taken) const {
    constexpr std::size_t kLeast = 10;
    return std::max(columns_, taken + kLeast) - taken;
  }

  void line(const std::string& text) { text_ += text + "\n"; }

  void add(const std::string& text) { text_ += text; }

  std::string take() { return std::move(text_); }

 private:
  std::size_t columns_;
  std::string text_;
};

void add_headline(const record::Timeline& timeline, std::string_view when, Lines* lines) {
  const auto& head = timeline.head;
  const std::string what = fmt::format(
      " of {}: {:.2f} s with {} job{}", when, in_seconds(timeline.end), head.jobs, head.jobs == 1 ? "" : "s");
  lines->line("`" + tame(head.command, lines->room_beside(what.size() + 2)) + "`" + what);
  lines->line(counts_in_words(timeline));
  if (!timeline.is_whole) {
    lines->line("The build was killed, or its journal is damaged: this is a part of it");
  }
}

void add_advice(const Timings& timings, Lines* lines) {
  if (timings.advice.empty()) {
    return;
  }
  lines->line("\n" + advice_headline(timings));
  for (const Advice& one : timings.advice) {
    lines->entry(one.won, one.text);
  }
}

void add_gap(const record::Timeline& timeline, const Timings& timings, Lines* lines) {
  lines->line("\n" + gap_headline(timeline, timings));
  for (const GapPart& part : notable_gap(timings)) {
    lines->line(fmt::format("{:>8.2f} s  {}", in_seconds(part.took), part.words));
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
    const std::string times = fmt::format("{:>9.2f} s  of {:.2f} s  ",
                                          in_seconds(gain.won),
                                          in_seconds(unit.finish.value_or(timeline.end) - unit.start.value_or(0)));
    lines->line(times + tame(unit_label(timeline.names[gain.unit]), lines->room_beside(times.size())));
  }
}

void add_parts(const record::Timeline& timeline, Lines* lines) {
  constexpr std::size_t kMostStretches = 3;
  constexpr Microseconds kLeast = 5'000;
  const auto parts = parts_of(timeline);
  Microseconds ran = 0;
  for (const Part& part : parts) {
    ran += part.took;
  }
  const Processor processor = processor_of(timeline);
  lines->line(fmt::format(
      "\nWhat {:.1f} units at once ran for, and the cores {:.0f} % of the time:",
      static_cast<double>(ran) / static_cast<double>(std::max<Microseconds>(timeline.end, 1)),
      100 * static_cast<double>(processor.used) / static_cast<double>(std::max<Microseconds>(processor.available, 1))));
  for (const Part& part : parts) {
    if (part.took >= kLeast) {
      lines->line(fmt::format("{:>8.2f} s  {}", in_seconds(part.took), part.words));
    }
  }
  for (const IdleStretch& one : idle_stretches(timeline, kMostStretches)) {
    if (one.core_time * 100 >= processor.available) {
      lines->entry(one.core_time,
                   fmt::format("idle, from {:.2f} to {:.2f} s, until {} was there",
                               in_seconds(one.from),
                               in_seconds(one.to),
                               quoted(timeline.names[one.ended_by].package)));
    }
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
                            TextOptions options) {
  Lines lines(options.columns);
  add_headline(timeline, when, &lines);
  add_advice(timings, &lines);
  lines.add("\n" + path_as_text(timeline, timings, std::max(options.columns, kFewestColumns), options.all));
  add_gap(timeline, timings, &lines);
  add_best(timeline, timings, &lines);
  add_parts(timeline, &lines);
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
