// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/timings_diff.h"

#include "graph/built_path.h"
#include "record/timeline_estimates.h"
#include "report/text.h"
#include "report/timings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <tuple>
#include <vector>

namespace pcargo::report {

namespace {

using record::Microseconds;
using record::Timeline;

constexpr std::size_t kMostLines = 10;
constexpr Microseconds kNoise = 50'000;  // what two runs of one unit differ by without a reason

double seconds(Microseconds time) {
  return static_cast<double>(time) / 1e6;
}

/// A unit in both builds. A package of two versions has them in turn; another version of one is the same unit.
struct Key {
  std::string package;
  std::string target;
  std::string kind;
  std::string mode;
  std::string platform;
  int turn = 0;

  auto operator<=>(const Key&) const = default;
};

struct Took {
  UnitId unit;
  Microseconds time = 0;
  bool is_on_path = false;
};

/// Of the units that ran to their end.
std::map<Key, Took> units_of(const Timeline& timeline) {
  std::set<std::uint32_t> on_path;
  for (const auto& step : graph::built_path(timeline.graph, record::spans_of(timeline), timeline.head.planned)) {
    on_path.insert(step.unit.value);
  }
  std::map<Key, int> turns;
  std::map<Key, Took> units;
  for (UnitId id{0}; id.value < timeline.units.size(); ++id.value) {
    const auto& name = timeline.names[id];
    const auto& unit = timeline.units[id];
    Key key{name.package, name.target, name.kind, name.mode, name.platform};
    key.turn = turns[key]++;
    if (unit.start && unit.finish) {
      const Microseconds waited = unit.link && unit.objects ? *unit.link - *unit.objects : 0;
      units[key] = {id, *unit.finish - *unit.start - waited, on_path.count(id.value) != 0};
    }
  }
  return units;
}

struct Line {
  Microseconds weight = 0;
  std::string text;
};

void add(std::string_view title, std::vector<Line> lines, std::string* text) {
  if (lines.empty()) {
    return;
  }
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.weight > b.weight; });
  *text += fmt::format("\n{}:\n", title);
  for (std::size_t i = 0; i < std::min(lines.size(), kMostLines); ++i) {
    *text += lines[i].text + "\n";
  }
  if (lines.size() > kMostLines) {
    *text += fmt::format("          and {} more\n", lines.size() - kMostLines);
  }
}

}  // namespace

std::string timings_diff(const Timeline& before, const Timeline& after) {
  const auto old_units = units_of(before);
  const auto new_units = units_of(after);
  std::vector<Line> slower;
  std::vector<Line> faster;
  std::vector<Line> only_after;
  std::vector<Line> only_before;
  std::vector<Line> on_path;
  for (const auto& [key, now] : new_units) {
    const auto label = tame(unit_label(after.names[now.unit]), 50);
    const auto then = old_units.find(key);
    if (now.is_on_path && (then == old_units.end() || !then->second.is_on_path)) {
      on_path.push_back({now.time, fmt::format("{:>8.2f}  {}", seconds(now.time), label)});
    }
    if (then == old_units.end()) {
      only_after.push_back({now.time, fmt::format("{:>8.2f}  {}", seconds(now.time), label)});
      continue;
    }
    const Microseconds change = now.time - then->second.time;
    if (std::abs(change) > kNoise) {
      (change > 0 ? slower : faster)
          .push_back({std::abs(change),
                      fmt::format("{:>+8.2f}  {}, {:.2f} before", seconds(change), label, seconds(then->second.time))});
    }
  }
  for (const auto& [key, then] : old_units) {
    if (new_units.count(key) == 0) {
      const auto label = tame(unit_label(before.names[then.unit]), 50);
      only_before.push_back({then.time, fmt::format("{:>8.2f}  {}", seconds(then.time), label)});
    }
  }
  const Microseconds change = after.end - before.end;
  std::string text = fmt::format("{:.2f} s, {:.2f} s before: {:+.2f} s, {:+.0f} %\n",
                                 seconds(after.end),
                                 seconds(before.end),
                                 seconds(change),
                                 100 * seconds(change) / std::max(seconds(before.end), 1e-6));
  add("Slower", std::move(slower), &text);
  add("Faster", std::move(faster), &text);
  add("Built now and not before", std::move(only_after), &text);
  add("Built before and not now", std::move(only_before), &text);
  add("On the path now and not before", std::move(on_path), &text);
  return text;
}

Result<bool> holds(std::string_view condition, const Timeline& before, const Timeline& after) {
  const Error senseless{
      ErrorKind::kUsage,
      "`" + std::string(condition) + "` is no condition: it should be like `wall>+10%`, `wall>+2s` or `wall>30s`"};
  constexpr std::string_view kHead = "wall>";
  if (!condition.starts_with(kHead) || condition.size() < kHead.size() + 2) {
    return senseless;
  }
  std::string_view limit = condition.substr(kHead.size());
  const bool is_change = limit.front() == '+';
  const bool is_share = limit.back() == '%';
  limit.remove_prefix(is_change ? 1 : 0);
  double number = 0;
  const auto [end, error] =
      std::from_chars(limit.data(), limit.data() + limit.size() - 1, number, std::chars_format::fixed);
  const bool is_number = error == std::errc() && end == limit.data() + limit.size() - 1 && number >= 0;
  if (!is_number || (limit.back() != 's' && !(is_share && is_change))) {
    return senseless;
  }
  const double base = is_change ? seconds(before.end) : 0;
  return seconds(after.end) > (is_share ? base * (1 + number / 100) : base + number);
}

}  // namespace pcargo::report
