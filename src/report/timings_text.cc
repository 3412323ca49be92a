// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/text.h"
#include "report/timings.h"
#include "report/timings_simulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace pcargo::report {

namespace {

using graph::PathStep;
using record::Microseconds;
using End = record::UnitTimes::End;

constexpr std::size_t kMostGains = 8;
constexpr unsigned kFewestColumns = 40;

double seconds(Microseconds time) {
  return static_cast<double>(time) / 1e6;
}

std::string_view phase_word(const record::Timeline& timeline, UnitId unit, graph::Phase phase) {
  const auto phases = timeline.graph.phases(unit);
  if (phases == graph::Phases::kWhole) {
    return timeline.names[unit].mode == "run-custom-build" ? "run" : "check";
  }
  switch (phase) {
    case graph::Phase::kFrontend:
      return phases == graph::Phases::kPipelined && timeline.units[unit].metadata ? "frontend" : "compile";
    case graph::Phase::kCodegen:
      return "codegen";
    case graph::Phase::kLink:
      break;
  }
  return "link";
}

std::string reason(const record::Timeline& timeline, const PathStep& step) {
  switch (step.waited) {
    case PathStep::Waited::kForNothing:
    case PathStep::Waited::kForItself:
      return {};
    case PathStep::Waited::kForMetadata:
      return "metadata of " + timeline.names[step.by].package;
    case PathStep::Waited::kForArtifact:
      return "all of " + timeline.names[step.by].package;
    case PathStep::Waited::kForSlot:
      return "the slot of " + timeline.names[step.by].package;
  }
  return {};
}

class Lines {
 public:
  explicit Lines(unsigned columns) : columns_(std::max(columns, kFewestColumns)) {}

  void step(Microseconds at, Microseconds took, const std::string& what, const std::string& after) {
    constexpr std::size_t kTimes = 18;
    const std::size_t room = columns_ - kTimes;
    const std::string head = tame(what, after.empty() ? room : room * 3 / 5);
    text_ += fmt::format("{:>8.2f}{:>8.2f}  {}", seconds(at), seconds(took), head);
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
  std::array<int, 5> counts{};
  for (const auto& unit : timeline.units) {
    ++counts[static_cast<std::size_t>(unit.end)];
  }
  const auto& head = timeline.head;
  const auto count = [&counts](End end) { return counts[static_cast<std::size_t>(end)]; };
  std::string text = fmt::format("`{}` of {}: {:.2f} s with {} job{}",
                                 tame(head.command, 60),
                                 when,
                                 seconds(timeline.end),
                                 head.jobs,
                                 head.jobs == 1 ? "" : "s");
  text += fmt::format("\n{} units ran, {} were fresh", count(End::kRan) + count(End::kFailed), count(End::kFresh));
  if (count(End::kFailed) > 0) {
    text += fmt::format(", {} failed", count(End::kFailed));
  }
  if (count(End::kStopped) > 0) {
    text += fmt::format(", {} did not come to their end", count(End::kStopped));
  }
  lines->line(text);
  if (!timeline.is_whole) {
    lines->line("The build was killed, or its journal is damaged: this is a part of it");
  }
}

void add_path(const record::Timeline& timeline, const Timings& timings, Lines* lines) {
  lines->line("\nWhat it waited for, one after the other:\n      at    took  seconds");
  lines->step(0, timeline.head.planned, "planning", "");
  for (std::size_t i = 0; i < timings.path.size(); ++i) {
    const PathStep& step = timings.path[i];
    std::string phases(phase_word(timeline, step.unit, step.phase));
    while (i + 1 < timings.path.size() && timings.path[i + 1].waited == PathStep::Waited::kForItself) {
      ++i;
      phases += "+" + std::string(phase_word(timeline, step.unit, timings.path[i].phase));
    }
    lines->step(step.begin,
                timings.path[i].end - step.begin,
                unit_label(timeline.names[step.unit]) + ", " + phases,
                reason(timeline, step));
  }
  const Microseconds tail = tail_of(timeline);
  lines->step(timeline.end - tail, tail, "the end", "");
}

void add_best(const record::Timeline& timeline, const Timings& timings, Lines* lines) {
  lines->line(fmt::format("\nNo order takes less than {:.2f} s on {} core{}, {:.2f} s on any number of them",
                          seconds(timings.bound),
                          timeline.head.busy_cores(),
                          timeline.head.busy_cores() == 1 ? "" : "s",
                          seconds(timings.unlimited)));
  const double error = 100 * (seconds(timings.simulated) / std::max(seconds(timeline.end), 1e-6) - 1);
  lines->line(fmt::format("The simulator, which answers what follows, has {:.2f} s for this build ({:+.0f} %)",
                          seconds(timings.simulated),
                          error));
  if (timings.gains.empty()) {
    return;
  }
  lines->line("\nWhat would be won if it took no time:");
  for (std::size_t i = 0; i < std::min(timings.gains.size(), kMostGains); ++i) {
    const auto& gain = timings.gains[i];
    const auto& unit = timeline.units[gain.unit];
    lines->line(fmt::format("{:>9.2f} s  of {:.2f} s  {}",
                            seconds(gain.won),
                            seconds(unit.finish.value_or(timeline.end) - unit.start.value_or(0)),
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

std::string what_if_as_text(const record::Timeline& timeline, const std::vector<WhatIf>& answers) {
  const Microseconds now = simulated_wall(timeline, record::estimates_of(timeline), timeline.head.busy_cores());
  std::string text = fmt::format("{:>9.2f} s  as it was, simulated\n", seconds(now));
  for (const WhatIf& answer : answers) {
    text += fmt::format(
        "{:>9.2f} s  {}, {:+.2f} s\n", seconds(answer.wall), tame(answer.change, 60), seconds(answer.wall - now));
  }
  return text;
}

}  // namespace pcargo::report
