// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/crate_groups.h"

#include <algorithm>
#include <functional>
#include <map>

namespace pcargo::report {

namespace {

/// Of the units that ran and that `belongs` holds for, by `key`.
std::vector<CrateGroup> group(const record::Timeline& timeline,
                              const std::function<bool(UnitId)>& belongs,
                              const std::function<std::string(const record::UnitName&)>& key) {
  std::map<std::string, CrateGroup> groups;
  std::map<std::string, std::string> platform_of;
  for (UnitId unit{0}; unit.value < timeline.units.size(); ++unit.value) {
    if (!timeline.units[unit].start || !belongs(unit)) {
      continue;
    }
    const auto& name = timeline.names[unit];
    const std::string of = key(name);
    CrateGroup& one = groups[of];
    one.package = name.package;
    one.units.push_back(unit);
    if (std::find(one.versions.begin(), one.versions.end(), name.version) == one.versions.end()) {
      one.versions.push_back(name.version);
    }
    one.crosses_platforms |= platform_of.try_emplace(of, name.platform).first->second != name.platform;
  }
  std::vector<CrateGroup> result;
  for (auto& [of, one] : groups) {
    result.push_back(std::move(one));
  }
  return result;
}

std::string with_version(const record::UnitName& name) {
  return name.package + "\n" + name.version;
}

}  // namespace

bool is_library(const record::UnitName& name) {
  const std::string& kind = name.kind;
  return (name.mode == "build" || name.mode == "check") && kind != "bin" && kind != "example" && kind != "test" &&
         kind != "bench" && kind != "custom-build";
}

bool is_script_run(const record::UnitName& name) {
  return name.mode == "run-custom-build";
}

bool is_script(const record::UnitName& name) {
  return name.kind == "custom-build" && !is_script_run(name);
}

std::vector<CrateGroup> packages(const record::Timeline& timeline) {
  return group(
      timeline, [](UnitId) { return true; }, with_version);
}

std::vector<CrateGroup> crates(const record::Timeline& timeline) {
  return group(
      timeline,
      [&](UnitId unit) { return !is_script_run(timeline.names[unit]); },
      [](const auto& name) { return with_version(name) + "\n" + name.kind + "\n" + name.target; });
}

std::vector<CrateGroup> several_versions(const record::Timeline& timeline) {
  auto groups = group(
      timeline,
      [&](UnitId unit) { return is_library(timeline.names[unit]); },
      [](const auto& name) { return name.package; });
  std::erase_if(groups, [](const CrateGroup& one) { return one.versions.size() < 2; });
  return groups;
}

std::vector<CrateGroup> built_again(const record::Timeline& timeline) {
  auto groups = group(
      timeline, [&](UnitId unit) { return is_library(timeline.names[unit]); }, with_version);
  std::erase_if(groups, [](const CrateGroup& one) { return one.units.size() < 2; });
  return groups;
}

std::vector<CrateGroup> build_scripts(const record::Timeline& timeline) {
  return group(
      timeline,
      [&](UnitId unit) { return is_script(timeline.names[unit]) || is_script_run(timeline.names[unit]); },
      with_version);
}

std::vector<CrateGroup> direct_dependencies(const record::Timeline& timeline) {
  std::map<std::string, bool> is_direct;
  for (UnitId unit{0}; unit.value < timeline.units.size(); ++unit.value) {
    if (timeline.names[unit].is_member) {
      for (const graph::Edge& edge : timeline.graph.dependencies(unit)) {
        const auto& below = timeline.names[edge.unit];
        is_direct[with_version(below)] |= !below.is_member;
      }
    }
  }
  return group(
      timeline,
      [&](UnitId unit) {
        const auto found = is_direct.find(with_version(timeline.names[unit]));
        return found != is_direct.end() && found->second;
      },
      with_version);
}

}  // namespace pcargo::report
