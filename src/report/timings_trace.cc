// SPDX-License-Identifier: MIT OR Apache-2.0
// Chrome's trace events, which Perfetto reads too: a lane for each unit that ran at the same time as the others, its
// phases below it, how many ran, and the path in a lane of its own.
#include "report/text.h"
#include "report/timings.h"
#include "report/timings_words.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace pcargo::report {

namespace {

using nlohmann::json;
using record::Microseconds;

constexpr int kPathLane = 0;
constexpr std::size_t kWidest = 400;

json slice(const std::string& name, const char* category, std::size_t lane, Microseconds from, Microseconds to) {
  return {{"ph", "X"}, {"pid", 1}, {"tid", lane}, {"name", name}, {"cat", category}, {"ts", from}, {"dur", to - from}};
}

json lane_name(std::size_t lane, const std::string& name) {
  return {{"ph", "M"}, {"pid", 1}, {"tid", lane}, {"name", "thread_name"}, {"args", {{"name", name}}}};
}

/// One after the other in a lane, as many lanes as it needs.
class Lanes {
 public:
  std::size_t take(const graph::Span& span) {
    auto free = std::find_if(free_at_.begin(), free_at_.end(), [&](Microseconds at) { return at <= span.start; });
    if (free == free_at_.end()) {
      free = free_at_.insert(free, 0);
    }
    *free = span.finish;
    return static_cast<std::size_t>(free - free_at_.begin()) + kPathLane + 1;
  }

  std::size_t count() const { return free_at_.size(); }

 private:
  std::vector<Microseconds> free_at_;
};

void add_phases(const graph::Span& span, std::size_t lane, json* events) {
  const auto add = [&](const char* name, Microseconds from, Microseconds to) {
    if (from < to && to - from < span.finish - span.start) {
      events->push_back(slice(name, "phase", lane, from, to));
    }
  };
  add("frontend", span.start, span.metadata);
  add("codegen", span.metadata, span.objects);
  add("waits for its link", span.objects, span.link);
  add("link", span.link, span.finish);
}

/// At its gate a unit holds no slot.
void add_running(const std::vector<graph::Span>& spans, json* events) {
  std::map<Microseconds, int> changes;
  for (const graph::Span& span : spans) {
    ++changes[span.start];
    --changes[span.objects];
    ++changes[span.link];
    --changes[span.finish];
  }
  int running = 0;
  for (const auto& [at, change] : changes) {
    running += change;
    events->push_back({{"ph", "C"}, {"pid", 1}, {"name", "running"}, {"ts", at}, {"args", {{"units", running}}}});
  }
}

}  // namespace

std::string timings_as_trace(const record::Timeline& timeline, const Timings& timings) {
  json events = json::array();
  events.push_back(
      {{"ph", "M"}, {"pid", 1}, {"name", "process_name"}, {"args", {{"name", tame(timeline.head.command, 200)}}}});
  events.push_back(lane_name(kPathLane, "the path"));
  for (const PathLine& line : path_lines(timeline, timings)) {
    json step = slice(tame(line.what, kWidest), "path", kPathLane, line.begin, line.end);
    step["args"] = {{"after", tame(line.after, kWidest)}};
    events.push_back(std::move(step));
  }

  std::vector<UnitId> ran;
  const auto spans = record::spans_of(timeline);
  for (UnitId unit{0}; unit.value < spans.size(); ++unit.value) {
    if (spans[unit]) {
      ran.push_back(unit);
    }
  }
  std::stable_sort(ran.begin(), ran.end(), [&](UnitId a, UnitId b) { return spans[a]->start < spans[b]->start; });
  Lanes lanes;
  std::vector<graph::Span> in_order;
  for (const UnitId unit : ran) {
    const graph::Span& span = *spans[unit];
    const std::size_t lane = lanes.take(span);
    const auto& times = timeline.units[unit];
    json whole = slice(tame(unit_label(timeline.names[unit]), kWidest), "unit", lane, span.start, span.finish);
    whole["args"] = {{"why", tame(times.why, kWidest)}, {"cpu_us", times.cpu_us}, {"peak_kib", times.peak_kib}};
    events.push_back(std::move(whole));
    add_phases(span, lane, &events);
    in_order.push_back(span);
  }
  for (std::size_t lane = 1; lane <= lanes.count(); ++lane) {
    events.push_back(lane_name(lane, "lane " + std::to_string(lane)));
  }
  add_running(in_order, &events);
  const json document = {{"displayTimeUnit", "ms"}, {"traceEvents", std::move(events)}};
  return document.dump(-1, ' ', true, json::error_handler_t::replace) + "\n";
}

}  // namespace pcargo::report
