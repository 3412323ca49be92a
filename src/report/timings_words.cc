// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/timings_words.h"

#include "report/text.h"
#include "report/timings_simulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pcargo::report {

namespace {

using graph::PathStep;
using record::Microseconds;
using End = record::UnitTimes::End;

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
    case PathStep::Waited::kForMemory:
      return "the memory of " + timeline.names[step.by].package;
  }
  return {};
}

Microseconds ends_at(const record::Timeline& timeline, UnitId unit) {
  return timeline.units[unit].finish.value_or(timeline.end);
}

std::string_view waited_word(PathStep::Waited waited) {
  switch (waited) {
    case PathStep::Waited::kForNothing:
    case PathStep::Waited::kForItself:
      return {};
    case PathStep::Waited::kForMetadata:
      return "metadata";
    case PathStep::Waited::kForArtifact:
      return "all of it";
    case PathStep::Waited::kForMemory:
      return "its memory";
    case PathStep::Waited::kForSlot:
      break;
  }
  return "its core";
}

}  // namespace

std::string_view end_word(End end) {
  switch (end) {
    case End::kNotReached:
      return "not-reached";
    case End::kFresh:
      return "fresh";
    case End::kRan:
      return "ran";
    case End::kFailed:
      return "failed";
    case End::kStopped:
      break;
  }
  return "stopped";
}

std::vector<PathLine> path_lines(const record::Timeline& timeline, const Timings& timings) {
  const auto& head = timeline.head;
  std::vector<PathLine> lines{{0, head.planned, "planning", "", {}}};
  if (head.locked > 0) {
    const Microseconds locked_until = head.lock_begin + head.locked;
    lines = {{0, head.lock_begin, "planning", "", {}},
             {head.lock_begin, locked_until, "another build in this directory", "", {}},
             {locked_until, head.planned, "setting up", "", {}}};
  }
  for (std::size_t i = 0; i < timings.path.size(); ++i) {
    const PathStep& step = timings.path[i];
    std::string phases(phase_word(timeline, step.unit, step.phase));
    while (i + 1 < timings.path.size() && timings.path[i + 1].waited == PathStep::Waited::kForItself) {
      ++i;
      phases += "+" + std::string(phase_word(timeline, step.unit, timings.path[i].phase));
    }
    const bool is_all = step.phase == graph::Phase::kFrontend && timings.path[i].end == ends_at(timeline, step.unit);
    const bool is_script = timeline.names[step.unit].kind == "custom-build";
    lines.push_back({step.begin,
                     timings.path[i].end,
                     unit_label(timeline.names[step.unit]) + (is_all && !is_script ? "" : ", " + phases),
                     reason(timeline, step),
                     waited_word(step.waited)});
  }
  lines.push_back({timeline.end - tail_of(timeline), timeline.end, "the end", "", {}});
  return lines;
}

std::string gap_headline(const record::Timeline& timeline, const Timings& timings) {
  Microseconds gap = 0;
  for (const GapPart& part : timings.gap) {
    gap += part.took;
  }
  return fmt::format("Why {:.2f} s more than the {:.2f} s that no order beats on {} core{}:",
                     in_seconds(gap),
                     in_seconds(timeline.end - gap),
                     timeline.head.busy_cores(),
                     timeline.head.busy_cores() == 1 ? "" : "s");
}

std::vector<GapPart> notable_gap(const Timings& timings) {
  constexpr Microseconds kLeast = 5'000;
  std::vector<GapPart> parts = timings.gap;
  std::erase_if(parts, [](const GapPart& part) { return part.took < kLeast && part.took > -kLeast; });
  return parts;
}

std::string advice_headline(const Timings& timings) {
  return fmt::format("What would make it shorter, by the simulator, which has {} for it as it was:",
                     time_in_words(timings.rehearsed));
}

std::string time_in_words(Microseconds time) {
  const double seconds = in_seconds(time);
  return fmt::format("{:.{}f} s", seconds, seconds < 9.995 ? 2 : seconds < 99.95 ? 1 : 0);
}

std::string quoted(const std::string& name) {
  constexpr std::size_t kWidest = 40;
  std::string out = tame(name, kWidest);
  std::replace(out.begin(), out.end(), '`', '\'');
  return "`" + out + "`";
}

std::string counts_in_words(const record::Timeline& timeline) {
  std::array<int, 5> counts{};
  for (const auto& unit : timeline.units) {
    ++counts[static_cast<std::size_t>(unit.end)];
  }
  const auto count = [&counts](End end) { return counts[static_cast<std::size_t>(end)]; };
  std::string text =
      fmt::format("{} units ran, {} were fresh", count(End::kRan) + count(End::kFailed), count(End::kFresh));
  if (count(End::kFailed) > 0) {
    text += fmt::format(", {} failed", count(End::kFailed));
  }
  if (count(End::kStopped) > 0) {
    text += fmt::format(", {} did not come to their end", count(End::kStopped));
  }
  return text;
}

std::string best_in_words(const record::Timeline& timeline, const Timings& timings) {
  const double error = 100 * (in_seconds(timings.rehearsed) / std::max(in_seconds(timeline.end), 1e-6) - 1);
  return fmt::format(
      "With planning {:.2f} s at best on {} core{}, {:.2f} s on any number of them\n"
      "The simulator, which answers what follows, has {:.2f} s for this build ({:+.0f} %)",
      in_seconds(timings.bound),
      timeline.head.busy_cores(),
      timeline.head.busy_cores() == 1 ? "" : "s",
      in_seconds(timings.unlimited),
      in_seconds(timings.rehearsed),
      error);
}

}  // namespace pcargo::report
