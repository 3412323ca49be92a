// SPDX-License-Identifier: MIT OR Apache-2.0
#include "graph/needed_only_by.h"
#include "report/advice.h"
#include "report/crate_groups.h"
#include "report/text.h"
#include "report/timings.h"
#include "report/timings_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace pcargo::report {

using record::Microseconds;
using Kind = Advice::Kind;

namespace {

constexpr std::size_t kMostOfAKind = 3;

/// Those with the most work first, as many as are worth a simulation.
std::vector<CrateGroup> heaviest(const Rehearsal& build, std::vector<CrateGroup> groups, std::size_t most) {
  std::erase_if(groups, [&](const CrateGroup& one) { return build.work(one.units) * 100 < build.wall(); });
  std::stable_sort(groups.begin(), groups.end(), [&](const CrateGroup& a, const CrateGroup& b) {
    return build.work(a.units) > build.work(b.units);
  });
  groups.resize(std::min(groups.size(), build.affordable(most)));
  return groups;
}

/// The best of a kind.
void keep(std::vector<Advice> of_a_kind, std::vector<Advice>* advice) {
  std::stable_sort(of_a_kind.begin(), of_a_kind.end(), [](const Advice& a, const Advice& b) { return a.won > b.won; });
  of_a_kind.resize(std::min(of_a_kind.size(), kMostOfAKind));
  advice->insert(advice->end(), of_a_kind.begin(), of_a_kind.end());
}

Microseconds took(const record::Timeline& timeline, UnitId unit) {
  const auto& times = timeline.units[unit];
  return times.start ? times.finish.value_or(timeline.end) - *times.start : 0;
}

void advise_on_scripts(Rehearsal& build, std::vector<Advice>* advice) {
  const auto& timeline = build.timeline();
  std::vector<Advice> found;
  for (CrateGroup& script : heaviest(build, build_scripts(timeline), 8)) {
    Microseconds compiled = 0;
    Microseconds ran = 0;
    for (const UnitId unit : script.units) {
      (is_script_run(timeline.names[unit]) ? ran : compiled) += took(timeline, unit);
    }
    const Microseconds won = build.won_without(script.units);
    found.push_back({Kind::kBuildScript,
                     won,
                     fmt::format("without the build script of {}: compiled in {}, runs for {}",
                                 quoted(script.package),
                                 time_in_words(compiled),
                                 time_in_words(ran)),
                     std::move(script.units)});
  }
  keep(std::move(found), advice);
}

/// What `units` are, and how many packages come with them.
std::string with_company(const record::Timeline& timeline,
                         const std::string& package,
                         const std::vector<UnitId>& units) {
  std::set<std::string> others;
  for (const UnitId unit : units) {
    others.insert(timeline.names[unit].package);
  }
  others.erase(package);
  return others.empty()       ? quoted(package)
         : others.size() == 1 ? fmt::format("{} and {}, which only it needs", quoted(package), quoted(*others.begin()))
                              : fmt::format("{} and the {} crates that only it needs", quoted(package), others.size());
}

void advise_on_dependencies(Rehearsal& build, std::vector<Advice>* advice) {
  constexpr std::size_t kMostEdges = 5'000'000;
  const auto& timeline = build.timeline();
  auto groups = direct_dependencies(timeline);
  groups.resize(std::min(groups.size(), kMostEdges / std::max<std::size_t>(timeline.units.size(), 1)));
  for (CrateGroup& one : groups) {
    one.units = graph::needed_only_by(timeline.graph, one.units);
    // What a member has for itself is no cost of its dependency.
    std::erase_if(one.units, [&](UnitId unit) { return timeline.names[unit].is_member; });
  }
  std::vector<Advice> found;
  for (CrateGroup& one : heaviest(build, std::move(groups), 12)) {
    const Microseconds won = build.won_without(one.units);
    found.push_back(
        {Kind::kDependency, won, "without " + with_company(timeline, one.package, one.units), std::move(one.units)});
  }
  keep(std::move(found), advice);
}

/// All but the one that takes longest.
std::vector<UnitId> the_others(const Rehearsal& build, std::vector<UnitId> units) {
  const auto longest =
      std::max_element(units.begin(), units.end(), [&](UnitId a, UnitId b) { return build.work(a) < build.work(b); });
  units.erase(longest);
  return units;
}

void advise_on_versions(Rehearsal& build, std::vector<Advice>* advice) {
  std::vector<Advice> found;
  for (const CrateGroup& one : heaviest(build, several_versions(build.timeline()), 8)) {
    auto others = the_others(build, one.units);
    const Microseconds won = build.won_without(others);
    std::string versions;
    for (const std::string& version : one.versions) {
      versions += (versions.empty() ? "" : ", ") + quoted(version);
    }
    found.push_back(
        {Kind::kVersions,
         won,
         fmt::format("with {} in one version instead of {}: {}", quoted(one.package), one.versions.size(), versions),
         std::move(others)});
  }
  keep(std::move(found), advice);
}

void advise_on_built_again(Rehearsal& build, std::vector<Advice>* advice) {
  auto groups = built_again(build.timeline());
  std::stable_sort(groups.begin(), groups.end(), [&](const CrateGroup& a, const CrateGroup& b) {
    return build.work(a.units) > build.work(b.units);
  });
  std::vector<UnitId> others;
  std::string names;
  bool crosses = false;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto more = the_others(build, groups[i].units);
    others.insert(others.end(), more.begin(), more.end());
    crosses |= groups[i].crosses_platforms;
    if (i < kMostOfAKind) {
      names += (i > 0 ? ", " : "") + quoted(groups[i].package);
    }
  }
  if (build.work(others) * 100 < build.wall()) {
    return;
  }
  const Microseconds won = build.won_without(others);
  advice->push_back(
      {Kind::kBuiltTwice,
       won,
       fmt::format("with {} compiled once instead of {}",
                   groups.size() > kMostOfAKind ? fmt::format("{} crates ({}, ...)", groups.size(), names) : names,
                   crosses ? "for the host and for the target" : "more than once, with other features or flags"),
       std::move(others)});
}

/// The package of the next unit on the build's path that is another one's.
std::string next_on_path(const record::Timeline& timeline, const Timings& timings, UnitId unit) {
  bool is_behind = false;
  for (const auto& step : timings.path) {
    if (is_behind && timeline.names[step.unit].package != timeline.names[unit].package) {
      return timeline.names[step.unit].package;
    }
    is_behind |= step.unit == unit;
  }
  return {};
}

void advise_on_splitting(const Rehearsal& build, const Timings& timings, std::vector<Advice>* advice) {
  const auto& timeline = build.timeline();
  std::size_t left = build.affordable(6);
  std::vector<Advice> found;
  for (const auto& gain : timings.gains) {
    const auto& name = timeline.names[gain.unit];
    if (left == 0 || !name.is_member || timeline.graph.phases(gain.unit) != graph::Phases::kPipelined) {
      continue;
    }
    --left;
    const Microseconds won = build.won_by_splitting(gain.unit);
    const std::string next = next_on_path(timeline, timings, gain.unit);
    found.push_back({Kind::kSplit,
                     won,
                     fmt::format("with {} split in two crates, at most{}",
                                 quoted(name.package),
                                 next.empty() ? "" : fmt::format(": {} waits for it", quoted(next))),
                     {gain.unit}});
  }
  keep(std::move(found), advice);
}

/// What links last, if it is much of the build: whatever is done elsewhere, that stays.
void advise_on_last_unit(const record::Timeline& timeline, const Timings& timings, std::vector<Advice>* advice) {
  constexpr int kLeastPercent = 10;
  constexpr std::size_t kWidestLto = 10;
  if (timings.path.empty()) {
    return;
  }
  const UnitId last = timings.path.back().unit;
  const auto gain =
      std::find_if(timings.gains.begin(), timings.gains.end(), [&](const auto& one) { return one.unit == last; });
  Microseconds on_path = 0;
  for (const auto& step : timings.path) {
    on_path += step.unit == last ? step.end - step.begin : 0;
  }
  if (gain == timings.gains.end() || on_path * 100 < timeline.end * kLeastPercent ||
      timeline.graph.phases(last) != graph::Phases::kLinking) {
    return;
  }
  const std::string lto = tame(timeline.names[last].lto, kWidestLto);
  advice->push_back(
      {Kind::kLastUnit,
       gain->won,
       fmt::format("with less code in {} or {}, at most: it takes {} of the {}, at the end, where no order "
                   "and no core helps",
                   quoted(unit_label(timeline.names[last])),
                   lto.empty() ? "less optimisation" : "without its LTO (" + lto + ")",
                   time_in_words(on_path),
                   time_in_words(timeline.end)),
       {last}});
}

}  // namespace

void advise_on_crates(Rehearsal& build, const Timings& timings, std::vector<Advice>* advice) {
  advise_on_scripts(build, advice);
  advise_on_dependencies(build, advice);
  advise_on_versions(build, advice);
  advise_on_built_again(build, advice);
  advise_on_splitting(build, timings, advice);
  advise_on_last_unit(build.timeline(), timings, advice);
}

}  // namespace pcargo::report
