// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/analysis_json.h"

#include "report/parallelism.h"
#include "report/parts.h"
#include "report/timings_path.h"

#include <nlohmann/json.hpp>

namespace pcargo::report {

namespace {

using nlohmann::json;

json gains_of(const record::Timeline& timeline, const std::vector<Timings::GroupGain>& groups) {
  json result = json::array();
  for (const auto& [group, won] : groups) {
    json units = json::array();
    for (const UnitId unit : group.units) {
      units.push_back(unit.value);
    }
    const auto& first = timeline.names[group.units.front()];
    result.push_back({{"package", first.package},
                      {"version", first.version},
                      {"target", first.target},
                      {"gain_us", won},
                      {"units", std::move(units)}});
  }
  return result;
}

json advice_of(const Timings& timings) {
  json advice = json::array();
  for (const Advice& one : timings.advice) {
    json units = json::array();
    for (const UnitId unit : one.units) {
      units.push_back(unit.value);
    }
    advice.push_back(
        {{"kind", word_of(one.kind)}, {"won_us", one.won}, {"text", one.text}, {"units", std::move(units)}});
  }
  return advice;
}

json groups_of(const record::Timeline& timeline, const std::vector<CrateGroup>& groups) {
  json result = json::array();
  for (const CrateGroup& one : groups) {
    json units = json::array();
    record::Microseconds took = 0;
    for (const UnitId unit : one.units) {
      units.push_back(unit.value);
      took += timeline.units[unit].finish.value_or(timeline.end) - *timeline.units[unit].start;
    }
    result.push_back({{"package", one.package}, {"took_us", took}, {"units", std::move(units)}});
  }
  return result;
}

json parts_as_json(const record::Timeline& timeline) {
  json parts = json::object();
  for (const Part& part : parts_of(timeline)) {
    parts[std::string(part.name) + "_us"] = part.took;
  }
  parts["versions"] = groups_of(timeline, several_versions(timeline));
  parts["built_again"] = groups_of(timeline, built_again(timeline));
  return parts;
}

json usage_of(const record::Timeline& timeline) {
  constexpr std::size_t kMostStretches = 100;
  const Processor processor = processor_of(timeline);
  json running = json::array();
  for (const Running& one : running_units(timeline)) {
    running.push_back({one.from, one.units});
  }
  json idle = json::array();
  for (const IdleStretch& one : idle_stretches(timeline, kMostStretches)) {
    idle.push_back(
        {{"begin_us", one.from}, {"end_us", one.to}, {"core_us", one.core_time}, {"ended_by", one.ended_by.value}});
  }
  json memory = json::array();
  for (const record::MemorySample& sample : timeline.memory) {
    memory.push_back({sample.at, sample.available_bytes});
  }
  return {{"processor_us", processor.used},
          {"available_us", processor.available},
          {"running", std::move(running)},
          {"memory", std::move(memory)},
          {"idle", std::move(idle)}};
}

json gap_of(const Timings& timings) {
  json gap = json::object();
  for (const GapPart& part : timings.gap) {
    gap[std::string(part.name) + "_us"] = part.took;
  }
  return gap;
}

json causes_of(const record::Timeline& timeline, const Timings& timings) {
  json causes = json::object();
  for (const PathCause& cause : path_causes(timeline, timings)) {
    causes[std::string(cause.name) + "_us"] = cause.took;
  }
  return causes;
}

}  // namespace

json analysis_as_json(const record::Timeline& timeline, const Timings& timings) {
  return {{"rehearsed_us", timings.rehearsed},
          {"advice", advice_of(timings)},
          {"gap", gap_of(timings)},
          {"path_causes", causes_of(timeline, timings)},
          {"parts", parts_as_json(timeline)},
          {"usage", usage_of(timeline)},
          {"crates", gains_of(timeline, timings.crates)},
          {"packages", gains_of(timeline, timings.packages)}};
}

}  // namespace pcargo::report
