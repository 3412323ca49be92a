// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/analysis_json.h"
#include "report/timings.h"
#include "report/timings_simulation.h"
#include "report/timings_words.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace pcargo::report {

namespace {

using nlohmann::json;

json or_null(const std::optional<record::Microseconds>& time) {
  return time ? json(*time) : json();
}

const char* word_of(graph::Phase phase) {
  return phase == graph::Phase::kFrontend ? "frontend" : phase == graph::Phase::kCodegen ? "codegen" : "link";
}

const char* word_of(graph::PathStep::Waited waited) {
  using Waited = graph::PathStep::Waited;
  switch (waited) {
    case Waited::kForNothing:
      return "nothing";
    case Waited::kForMetadata:
      return "metadata";
    case Waited::kForArtifact:
      return "artifact";
    case Waited::kForSlot:
      return "slot";
    case Waited::kForMemory:
      return "memory";
    case Waited::kForItself:
      break;
  }
  return "itself";
}

/// Of the phases that it has.
json slack_of(graph::Phases phases, const graph::PhaseSlack& slack) {
  json of_phases = {{"frontend", slack.frontend}};
  if (phases != graph::Phases::kWhole) {
    of_phases["codegen"] = slack.codegen;
  }
  if (phases == graph::Phases::kLinking) {
    of_phases["link"] = slack.link;
  }
  return of_phases;
}

json outcome_of(const record::Timeline& timeline) {
  if (!timeline.outcome) {
    return nullptr;
  }
  return *timeline.outcome == Outcome::kSuccess   ? "success"
         : *timeline.outcome == Outcome::kFailure ? "failure"
                                                  : "cancelled";
}

json phases_of(const std::optional<graph::Span>& span) {
  json phases = json::array();
  const auto add = [&](const char* name, record::Microseconds from, record::Microseconds to) {
    if (from < to) {
      phases.push_back({{"phase", name}, {"begin_us", from}, {"end_us", to}});
    }
  };
  if (span) {
    add("frontend", span->start, span->metadata);
    add("codegen", span->metadata, span->objects);
    add("gate", span->objects, span->link);
    add("link", span->link, span->finish);
  }
  return phases;
}

json dependencies_of(const graph::ActionGraph& graph, UnitId unit) {
  json dependencies = json::array();
  for (const graph::Edge& edge : graph.dependencies(unit)) {
    dependencies.push_back({{"unit", edge.unit.value},
                            {"waits_for",
                             edge.waits == Milestone::kMetadata   ? "metadata"
                             : edge.waits == Milestone::kArtifact ? "artifact"
                                                                  : "closure"}});
  }
  return dependencies;
}

json units_of(const record::Timeline& timeline, const Timings& timings) {
  const auto won = gains_by_unit(timeline, timings);
  const auto spans = record::spans_of(timeline);
  json units = json::array();
  for (UnitId id{0}; id.value < timeline.units.size(); ++id.value) {
    const auto& name = timeline.names[id];
    const auto& unit = timeline.units[id];
    units.push_back({{"package", name.package},
                     {"version", name.version},
                     {"target", name.target},
                     {"kind", name.kind},
                     {"mode", name.mode},
                     {"platform", name.platform},
                     {"end", end_word(unit.end)},
                     {"why", unit.why},
                     {"start_us", or_null(unit.start)},
                     {"metadata_us", or_null(unit.metadata)},
                     {"objects_us", or_null(unit.objects)},
                     {"link_us", or_null(unit.link)},
                     {"finish_us", or_null(unit.finish)},
                     {"phases", phases_of(spans[id])},
                     {"depends_on", dependencies_of(timeline.graph, id)},
                     {"cpu_us", unit.cpu_us},
                     {"peak_kib", unit.peak_kib},
                     {"gain_us", won[id]},
                     {"unlimited_gain_us", timings.unlimited_gains[id]},
                     {"slack_us", slack_of(timeline.graph.phases(id), timings.slack[id])}});
  }
  return units;
}

json path_of(const record::Timeline& timeline, const Timings& timings) {
  json steps = json::array();
  const auto& head = timeline.head;
  const auto locked_until = head.lock_begin + head.locked;
  if (head.locked > 0) {
    steps.push_back({{"phase", "planning"}, {"begin_us", 0}, {"end_us", head.lock_begin}});
    steps.push_back({{"phase", "lock"}, {"begin_us", head.lock_begin}, {"end_us", locked_until}});
  }
  steps.push_back({{"phase", "planning"}, {"begin_us", head.locked > 0 ? locked_until : 0}, {"end_us", head.planned}});
  for (const auto& step : timings.path) {
    json one = {{"unit", step.unit.value},
                {"phase", word_of(step.phase)},
                {"begin_us", step.begin},
                {"end_us", step.end},
                {"waited_for", word_of(step.waited)}};
    if (step.waited != graph::PathStep::Waited::kForNothing) {
      one["by"] = step.by.value;
    }
    steps.push_back(std::move(one));
  }
  steps.push_back({{"phase", "end"}, {"begin_us", timeline.end - tail_of(timeline)}, {"end_us", timeline.end}});
  return steps;
}

}  // namespace

std::string timings_as_json(const record::Timeline& timeline, const Timings& timings) {
  const auto& head = timeline.head;
  json document = {{"format", 1},
                   {"command", head.command},
                   {"workspace", head.workspace},
                   {"rustc", head.rustc},
                   {"profile", head.profile},
                   {"processor", head.processor},
                   {"began_at_ms", head.began_at_ms},
                   {"jobs", head.jobs},
                   {"cores", head.cores},
                   {"wall_us", timeline.end},
                   {"is_whole", timeline.is_whole},
                   {"outcome", outcome_of(timeline)},
                   {"simulated_us", timings.simulated},
                   {"bound_us", timings.bound},
                   {"unlimited_us", timings.unlimited},
                   {"path", path_of(timeline, timings)},
                   {"units", units_of(timeline, timings)}};
  document.update(analysis_as_json(timeline, timings));
  return document.dump(-1, ' ', true, json::error_handler_t::replace) + "\n";
}

}  // namespace pcargo::report
