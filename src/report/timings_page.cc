// SPDX-License-Identifier: MIT OR Apache-2.0
// What the page knows; timings_page/data.js unpacks it. A unit is a row without names, for there may be many.
#include "report/parts.h"
#include "report/timings.h"
#include "report/timings_page_text.h"
#include "report/timings_simulation.h"
#include "report/timings_words.h"
#include "report/what_if.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <unordered_map>

namespace pcargo::report {

namespace {

using nlohmann::json;
using record::Microseconds;
using Waited = graph::PathStep::Waited;

/// The last thing that a unit waited for before it could start.
struct Ready {
  Microseconds at = 0;
  Waited waited = Waited::kForNothing;
  UnitId by = {};
};

void take_later(const Ready& other, Ready* latest) {
  if (other.at > latest->at) {
    *latest = other;
  }
}

IdMap<UnitId, Ready> find_ready(const record::Timeline& timeline) {
  const auto spans = record::spans_of(timeline);
  const Ready from_the_beginning{timeline.head.planned};
  IdMap<UnitId, Ready> ready(spans.size(), from_the_beginning);
  IdMap<UnitId, Ready> closures(spans.size(), from_the_beginning);
  for (const UnitId unit : timeline.graph.topological_order()) {
    for (const graph::Edge& edge : timeline.graph.dependencies(unit)) {
      const auto& span = spans[edge.unit];
      take_later(closures[edge.unit], &closures[unit]);
      if (edge.waits == Milestone::kClosure) {
        take_later(closures[edge.unit], &ready[unit]);
      } else if (span) {
        const bool is_metadata = edge.waits == Milestone::kMetadata;
        take_later({is_metadata ? span->metadata : span->finish,
                    is_metadata ? Waited::kForMetadata : Waited::kForArtifact,
                    edge.unit},
                   &ready[unit]);
      }
    }
    if (const auto& span = spans[unit]) {
      take_later({span->finish, Waited::kForArtifact, unit}, &closures[unit]);
    }
  }
  return ready;
}

/// Texts that many units share: each once.
class Texts {
 public:
  std::size_t index_of(const std::string& text) {
    const auto [found, is_new] = indices_.try_emplace(text, indices_.size());
    if (is_new) {
      texts_.push_back(text);
    }
    return found->second;
  }

  json take() { return std::move(texts_); }

 private:
  std::unordered_map<std::string, std::size_t> indices_;
  json texts_ = json::array();
};

json or_null(const std::optional<Microseconds>& time) {
  return time ? json(*time) : json();
}

/// Unit and milestone, in turn.
json edges_of(const graph::ActionGraph& graph, UnitId unit) {
  json edges = json::array();
  for (const graph::Edge& edge : graph.dependencies(unit)) {
    edges.push_back(edge.unit.value);
    edges.push_back(edge.waits == Milestone::kMetadata ? 0 : edge.waits == Milestone::kArtifact ? 1 : 2);
  }
  return edges;
}

std::string kind_of(const record::UnitName& name) {
  return name.mode == "run-custom-build" ? "script run" : name.kind == "custom-build" ? "build script" : name.kind;
}

json units_of(const record::Timeline& timeline, const Timings& timings, Texts* texts) {
  const auto won = gains_by_unit(timeline, timings);
  const auto ready = find_ready(timeline);
  json units = json::array();
  for (UnitId id{0}; id.value < timeline.units.size(); ++id.value) {
    const auto& unit = timeline.units[id];
    units.push_back({unit_label(timeline.names[id]),
                     texts->index_of(kind_of(timeline.names[id])),
                     texts->index_of(unit.why),
                     static_cast<int>(unit.end),
                     or_null(unit.start),
                     or_null(unit.metadata),
                     or_null(unit.objects),
                     or_null(unit.link),
                     or_null(unit.finish),
                     unit.cpu_us,
                     unit.peak_kib,
                     won[id],
                     ready[id].at,
                     static_cast<int>(ready[id].waited),
                     ready[id].by.value,
                     edges_of(timeline.graph, id)});
  }
  return units;
}

json path_of(const Timings& timings) {
  json path = json::array();
  for (const auto& step : timings.path) {
    path.push_back({step.unit.value,
                    static_cast<int>(step.phase),
                    step.begin,
                    step.end,
                    static_cast<int>(step.waited),
                    step.by.value});
  }
  return path;
}

json advice_of(const Timings& timings) {
  json advice = json::array();
  for (const Advice& one : timings.advice) {
    advice.push_back({{"text", one.text}, {"won_us", one.won}});
  }
  return advice;
}

/// Time and available bytes.
json memory_of(const record::Timeline& timeline) {
  json memory = json::array();
  for (const record::MemorySample& sample : timeline.memory) {
    memory.push_back({sample.at, sample.available_bytes});
  }
  return memory;
}

json gap_of(const Timings& timings) {
  json gap = json::array();
  for (const GapPart& part : notable_gap(timings)) {
    gap.push_back({part.words, part.took});
  }
  return gap;
}

json parts_as_rows(const record::Timeline& timeline) {
  json parts = json::array();
  for (const Part& part : parts_of(timeline)) {
    if (part.took > 0) {
      parts.push_back({part.words, part.took});
    }
  }
  return parts;
}

/// What `--what-if` takes for a crate's name and for nothing else.
bool is_plain(const std::string& name) {
  constexpr std::array<std::string_view, 4> kWords{"cores", "memory", "cached", "late-link"};
  return !name.empty() && std::find(kWords.begin(), kWords.end(), name) == kWords.end() &&
         std::all_of(name.begin(), name.end(), [](char letter) {
           return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                  (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
         });
}

/// The crates by which most would be won: as many as are answered in a moment.
std::vector<std::string> crates_to_ask_about(const record::Timeline& timeline, const Timings& timings, int answers) {
  constexpr std::size_t kMostSimulatedUnits = 1'000'000;
  constexpr std::size_t kMostCrates = 12;
  const std::size_t each = timeline.units.size() * static_cast<std::size_t>(answers);
  std::vector<std::string> crates;
  for (const auto& gain : timings.gains) {
    const std::string& name = timeline.names[gain.unit].package;
    if (crates.size() == kMostCrates || (crates.size() + 1) * each > kMostSimulatedUnits) {
      break;
    }
    if (is_plain(name) && std::find(crates.begin(), crates.end(), name) == crates.end()) {
      crates.push_back(name);
    }
  }
  return crates;
}

/// `counts`, and those that the build had.
std::vector<int> with_own(std::vector<int> counts, const record::Timeline& timeline) {
  const int own = timeline.head.busy_cores();
  const auto place = std::lower_bound(counts.begin(), counts.end(), own);
  if (place == counts.end() || *place != own) {
    counts.insert(place, own);
  }
  return counts;
}

json answers_of(const record::Timeline& timeline, const std::string& change, const std::vector<int>& cores) {
  std::vector<std::string> questions;
  for (const int count : cores) {
    questions.push_back(change + "cores=" + std::to_string(count));
  }
  const auto said = what_if(timeline, questions, std::nullopt);
  json answers = json::array();
  for (std::size_t i = 0; i < cores.size(); ++i) {
    answers.push_back(said ? said->answers[i].wall : 0);
  }
  return answers;
}

json cores_of(const record::Timeline& timeline) {
  const auto cores = with_own({1, 2, 4, 8, 12, 16, 24, 32, 48, 64}, timeline);
  const json walls = answers_of(timeline, "", cores);
  json answers = json::array();
  for (std::size_t i = 0; i < cores.size(); ++i) {
    answers.push_back({cores[i], walls[i]});
  }
  return answers;
}

json what_ifs_of(const record::Timeline& timeline, const Timings& timings) {
  constexpr std::array kShares{0, 25, 50, 75};
  const auto cores = with_own({2, 4, 8, 16, 32, 64}, timeline);
  const auto crates = crates_to_ask_about(timeline, timings, static_cast<int>(kShares.size() * cores.size()));
  json walls = json::array();
  for (const std::string& crate : crates) {
    json of_crate = json::array();
    for (const int share : kShares) {
      of_crate.push_back(answers_of(timeline, crate + "=" + std::to_string(share) + "%,", cores));
    }
    walls.push_back(std::move(of_crate));
  }
  return {{"cores", cores},
          {"shares", kShares},
          {"crates", crates},
          {"asItIs", answers_of(timeline, "", cores)},
          {"walls", std::move(walls)}};
}

/// In a script element the text ends at `</script`, whatever JSON says: so no `<` is left. ASCII only.
std::string inert(const json& data) {
  std::string text;
  for (const char letter : data.dump(-1, ' ', true, json::error_handler_t::replace)) {
    text += letter == '<' ? std::string("\\u003c") : std::string(1, letter);
  }
  return text;
}

}  // namespace

std::string timings_as_page(const record::Timeline& timeline, const Timings& timings, std::string_view when) {
  const auto& head = timeline.head;
  Texts texts;
  json units = units_of(timeline, timings, &texts);
  const json data = {{"command", head.command},
                     {"when", when},
                     {"workspace", head.workspace},
                     {"rustc", head.rustc},
                     {"profile", head.profile},
                     {"processor", head.processor},
                     {"jobs", head.jobs},
                     {"cores", head.cores},
                     {"busyCores", head.busy_cores()},
                     {"planned", head.planned},
                     {"lockBegin", head.lock_begin},
                     {"locked", head.locked},
                     {"tail", tail_of(timeline)},
                     {"wall", timeline.end},
                     {"isWhole", timeline.is_whole},
                     {"simulated", timings.rehearsed},
                     {"bound", timings.bound},
                     {"unlimited", timings.unlimited},
                     {"advice", advice_of(timings)},
                     {"memory", memory_of(timeline)},
                     {"gap", gap_of(timings)},
                     {"parts", parts_as_rows(timeline)},
                     {"onCores", cores_of(timeline)},
                     {"whatIf", what_ifs_of(timeline, timings)},
                     {"path", path_of(timings)},
                     {"units", std::move(units)},
                     {"texts", texts.take()}};
  std::string page(kPageBeforeData);
  page += inert(data);
  page += kPageBehindData;
  return page;
}

}  // namespace pcargo::report
