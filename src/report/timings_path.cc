// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/timings_path.h"

#include "report/text.h"
#include "report/timings_simulation.h"
#include "report/timings_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace pcargo::report {

namespace {

using graph::PathStep;
using record::Microseconds;
using Waited = PathStep::Waited;

constexpr std::size_t kMostLines = 30;

/// As it is printed: differences of these add up.
double rounded(Microseconds time) {
  return static_cast<double>((time + 5'000) / 10'000) / 100;
}

double took(Microseconds begin, Microseconds end) {
  return rounded(end) - rounded(begin);
}

std::string times(Microseconds begin, Microseconds end) {
  return fmt::format("{:>8.2f}{:>8.2f}  ", rounded(begin), took(begin, end));
}

enum CauseIndex { kPlanning, kLock, kMetadata, kArtifact, kGate, kSlot, kMemory, kLast, kEnd };

CauseIndex cause_of(const PathStep& step) {
  switch (step.waited) {
    case Waited::kForMetadata:
      return kMetadata;
    case Waited::kForArtifact:
      return step.phase == graph::Phase::kLink ? kGate : kArtifact;
    case Waited::kForMemory:
      return kMemory;
    case Waited::kForSlot:
    case Waited::kForNothing:
    case Waited::kForItself:
      break;
  }
  return kSlot;
}

/// Which lines are shown: planning, the last unit, the longest, and what would take a line of its own to be left out.
std::vector<char> chosen(const std::vector<PathLine>& lines, bool all) {
  std::vector<char> is_shown(lines.size(), 1);
  if (all || lines.size() <= kMostLines) {
    return is_shown;
  }
  std::vector<std::size_t> by_time;
  for (std::size_t i = 1; i + 2 < lines.size(); ++i) {
    by_time.push_back(i);
  }
  std::stable_sort(by_time.begin(), by_time.end(), [&](std::size_t a, std::size_t b) {
    return lines[a].end - lines[a].begin < lines[b].end - lines[b].begin;
  });
  std::size_t printed = lines.size();
  for (const std::size_t line : by_time) {
    if (printed <= kMostLines) {
      break;
    }
    // Beside one that is left out it saves a line, between two of them two; alone it saves none.
    is_shown[line] = 0;
    printed -= static_cast<std::size_t>(is_shown[line - 1] == 0) + static_cast<std::size_t>(is_shown[line + 1] == 0);
  }
  for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
    if (is_shown[i] == 0 && is_shown[i - 1] != 0 && is_shown[i + 1] != 0) {
      is_shown[i] = 1;
    }
  }
  return is_shown;
}

std::string causes_as_text(const record::Timeline& timeline, const Timings& timings, std::size_t columns) {
  std::string words = "In all:";
  Microseconds sum = 0;
  for (const PathCause& cause : path_causes(timeline, timings)) {
    const std::string seconds = fmt::format("{:.2f}", took(sum, sum + cause.took));
    sum += cause.took;
    if (seconds != "0.00") {
      words += fmt::format("{} {} s {}", words.back() == ':' ? "" : ",", seconds, cause.words);
    }
  }
  std::string text;
  for (const std::string& line : wrapped(words, columns)) {
    text += line + "\n";
  }
  return text;
}

}  // namespace

std::vector<PathCause> path_causes(const record::Timeline& timeline, const Timings& timings) {
  std::vector<PathCause> causes{{"planning", "planning", timeline.head.planned - timeline.head.locked},
                                {"lock", "for another build", timeline.head.locked},
                                {"metadata", "for metadata", 0},
                                {"artifact", "for all of a crate", 0},
                                {"gate", "for all that a link needs", 0},
                                {"slot", "for a free core", 0},
                                {"memory", "for memory", 0},
                                {"last", "for the last unit", 0},
                                {"end", "behind it", tail_of(timeline)}};
  CauseIndex next = kLast;
  for (auto step = timings.path.rbegin(); step != timings.path.rend(); ++step) {
    causes[next].took += step->end - step->begin;
    next = step->waited == Waited::kForItself ? next : cause_of(*step);
  }
  return causes;
}

std::string path_as_text(const record::Timeline& timeline, const Timings& timings, std::size_t columns, bool all) {
  constexpr std::size_t kHead = 32;
  const auto lines = path_lines(timeline, timings);
  const auto is_shown = chosen(lines, all);
  std::string text =
      "The path: each step began when it had what it waited for of the one before\n      at    took  waited for\n";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const PathLine& line = lines[i];
    if (is_shown[i] != 0) {
      text += times(line.begin, line.end) + fmt::format("{:<14}", line.of_the_last) + tame(line.what, columns - kHead) +
              "\n";
      continue;
    }
    const std::size_t first = i;
    while (is_shown[i + 1] == 0) {
      ++i;
    }
    text += times(lines[first].begin, lines[i].end) + fmt::format("{:<14}… {} steps\n", "", i + 1 - first);
  }
  return text + causes_as_text(timeline, timings, columns);
}

}  // namespace pcargo::report
