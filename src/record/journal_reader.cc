// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/journal_reader.h"

#include "record/journal_seal.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace pcargo::record {

namespace {

using nlohmann::json;
using End = UnitTimes::End;

constexpr std::int64_t kMostMicroseconds = std::int64_t{1} << 50;  // 35 years: sums of them still fit

Error not_a_journal(const std::string& what) {
  return {ErrorKind::kInput, what};
}

/// The line without its newline; empty: there is no whole one.
std::string_view take_line(std::string_view* text) {
  const auto end = text->find('\n');
  if (end == std::string_view::npos) {
    return {};
  }
  const auto line = text->substr(0, end);
  text->remove_prefix(end + 1);
  return line;
}

json parse_object(std::string_view line) {
  json value = seal_holds(line) ? json::parse(line, nullptr, false) : json();
  return value.is_object() ? std::move(value) : json();
}

std::string text_in(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// -1: not there, or no number that a time or a size could be.
std::int64_t number_in(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_integer()) {
    return -1;
  }
  if (found->is_number_unsigned() && found->get<std::uint64_t>() > static_cast<std::uint64_t>(kMostMicroseconds)) {
    return -1;
  }
  const auto number = found->get<std::int64_t>();
  return number < 0 || number > kMostMicroseconds ? -1 : number;
}

int count_in(const json& object, const char* name) {
  return static_cast<int>(std::clamp<std::int64_t>(number_in(object, name), 1, 1 << 20));
}

Result<BuildHead> read_head(const json& line) {
  if (line.is_null() || text_in(line, "pcargo") != "journal") {
    return not_a_journal("it is no journal of a build");
  }
  if (const auto format = number_in(line, "format"); format != 1) {
    return not_a_journal("it is of format " + std::to_string(format) + ", and this pcargo reads format 1");
  }
  BuildHead head;
  head.pcargo = text_in(line, "version");
  head.command = text_in(line, "command");
  head.workspace = text_in(line, "workspace");
  head.rustc = text_in(line, "rustc");
  head.profile = text_in(line, "profile");
  head.processor = text_in(line, "processor");
  head.began_at_ms = std::max<std::int64_t>(number_in(line, "began_at_ms"), 0);
  head.planned = std::max<std::int64_t>(number_in(line, "planned_us"), 0);
  head.lock_begin = std::clamp<std::int64_t>(number_in(line, "lock_begin_us"), 0, head.planned);
  head.locked = std::clamp<std::int64_t>(number_in(line, "lock_us"), 0, head.planned - head.lock_begin);
  head.memory_limit = std::max<std::int64_t>(number_in(line, "memory_limit_bytes"), 0);
  head.memory_bytes = std::max<std::int64_t>(number_in(line, "memory_bytes"), 0);
  head.jobs = count_in(line, "jobs");
  head.cores = count_in(line, "cores");
  return head;
}

std::optional<graph::Phases> phases_of(const std::string& word) {
  return word == "whole"       ? std::optional(graph::Phases::kWhole)
         : word == "pipelined" ? std::optional(graph::Phases::kPipelined)
         : word == "linking"   ? std::optional(graph::Phases::kLinking)
                               : std::nullopt;
}

std::optional<Milestone> milestone_of(const json& word) {
  return word == "metadata"   ? std::optional(Milestone::kMetadata)
         : word == "artifact" ? std::optional(Milestone::kArtifact)
         : word == "closure"  ? std::optional(Milestone::kClosure)
                              : std::nullopt;
}

/// nullopt: it is not there, or no three times.
std::optional<Estimate> expected_of(const json& unit, unsigned threads) {
  const auto found = unit.find("expected_us");
  if (found == unit.end() || !found->is_array() || found->size() != 3) {
    return std::nullopt;
  }
  std::int64_t times[3] = {};
  for (std::size_t phase = 0; phase < 3; ++phase) {
    const json& time = (*found)[phase];
    if (!time.is_number_unsigned() || time.get<std::uint64_t>() > static_cast<std::uint64_t>(kMostMicroseconds)) {
      return std::nullopt;
    }
    times[phase] = time.get<std::int64_t>() * 1000;
  }
  const std::string from = text_in(unit, "expected_from");
  Estimate expected;
  expected.from = from == "unit"    ? Estimate::From::kThisUnit
                  : from == "crate" ? Estimate::From::kThisCrate
                                    : Estimate::From::kPrior;
  expected.one_thread = {times[0], times[1], times[2]};
  expected.threads = threads;
  return expected;
}

Result<void> read_units(const json& line, Timeline* timeline) {
  const Error damaged = not_a_journal("its list of units is damaged");
  const auto units = line.is_null() ? json::array() : line.value("units", json::array());
  if (!units.is_array() || units.empty()) {
    return damaged;
  }
  IdMap<UnitId, graph::ActionGraph::Node> nodes;
  for (const json& unit : units) {
    const auto phases = unit.is_object() ? phases_of(text_in(unit, "phases")) : std::nullopt;
    const auto after = unit.is_object() ? unit.find("after") : unit.end();
    if (!phases || after == unit.end() || !after->is_array()) {
      return damaged;
    }
    graph::ActionGraph::Node node{*phases, {}};
    for (const json& edge : *after) {
      const bool is_pair = edge.is_array() && edge.size() == 2 && edge[0].is_number_unsigned();
      const auto waits = is_pair ? milestone_of(edge[1]) : std::nullopt;
      if (!waits || edge[0].get<std::uint64_t>() >= units.size()) {
        return damaged;
      }
      node.dependencies.push_back({UnitId{edge[0].get<std::uint32_t>()}, *waits});
    }
    nodes.push_back(std::move(node));
    const auto member = unit.find("member");
    timeline->names.push_back({text_in(unit, "package"),
                               text_in(unit, "version"),
                               text_in(unit, "target"),
                               text_in(unit, "kind"),
                               text_in(unit, "mode"),
                               text_in(unit, "platform"),
                               member != unit.end() && *member == true,
                               text_in(unit, "lto")});
    const auto threads = static_cast<unsigned>(count_in(unit, "threads"));
    timeline->codegen_threads.push_back(threads);
    if (auto expected = expected_of(unit, threads)) {
      timeline->expected.push_back(*expected);
    }
  }
  if (timeline->expected.size() != units.size()) {
    timeline->expected = {};
  }
  auto graph = graph::ActionGraph::build(nodes);
  if (!graph) {
    return damaged;
  }
  timeline->graph = *std::move(graph);
  timeline->units = IdMap<UnitId, UnitTimes>(units.size());
  return {};
}

/// Of a unit that has started and not ended.
bool take_running(const json& line, std::string_view what, Microseconds now, UnitTimes* unit) {
  if (!unit->start || unit->finish) {
    return false;
  }
  if (what == "metadata") {
    unit->metadata = now;
  } else if (what == "objects") {
    unit->objects = now;
  } else if (what == "link") {
    unit->link = now;
  } else if (what == "ended") {
    unit->cpu_us = std::max<std::int64_t>(number_in(line, "cpu_us"), 0);
    unit->peak_kib = std::max<std::int64_t>(number_in(line, "peak_kib"), 0);
  } else if (what == "again") {
    unit->ran_again = true;
    unit->objects = unit->link = std::nullopt;  // the metadata was shown, and stays
  } else if (what == "done" || what == "failed" || what == "stopped") {
    unit->finish = now;
    unit->end = what == "done" ? End::kRan : what == "failed" ? End::kFailed : End::kStopped;
  }
  return true;
}

/// False: a mistake, and nothing behind it is believed.
bool take_event(const json& line, Timeline* timeline) {
  const Microseconds now = number_in(line, "us");
  if (timeline->is_whole || now < timeline->end) {
    return false;
  }
  timeline->end = now;
  const std::string what = text_in(line, "is");
  if (what == "end") {
    timeline->is_whole = timeline->outcome.has_value();
    return true;
  }
  if (what == "over") {
    const std::string outcome = text_in(line, "outcome");
    timeline->outcome = outcome == "success"   ? Outcome::kSuccess
                        : outcome == "failure" ? Outcome::kFailure
                                               : Outcome::kCancelled;
    return true;
  }
  const std::int64_t number = number_in(line, "unit");
  if (number < 0 || static_cast<std::uint64_t>(number) >= timeline->units.size()) {
    return false;
  }
  if (const std::int64_t free = number_in(line, "free_kib"); free >= 0) {
    timeline->memory.push_back({now, free * 1024});
  }
  UnitTimes& unit = timeline->units[UnitId{static_cast<std::uint32_t>(number)}];
  if (what == "started" || what == "fresh") {
    if (unit.start || unit.finish) {
      return false;
    }
    (what == "started" ? unit.start : unit.finish) = now;
    unit.end = what == "started" ? End::kStopped : End::kFresh;
    unit.why = text_in(line, "why");
    const auto held = line.find("held");
    unit.was_held = held != line.end() && *held == true;
    return true;
  }
  return take_running(line, what, now, &unit);
}

}  // namespace

Result<Timeline> read_journal(std::string_view text) {
  Timeline timeline;
  PCARGO_ASSIGN(timeline.head, read_head(parse_object(take_line(&text))));
  PCARGO_TRY(read_units(parse_object(take_line(&text)), &timeline));
  timeline.end = timeline.head.planned;
  while (true) {
    const auto line = take_line(&text);
    const json event = line.empty() ? json() : parse_object(line);
    if (event.is_null() || !take_event(event, &timeline)) {
      return timeline;
    }
  }
}

}  // namespace pcargo::record
