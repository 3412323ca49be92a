// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/collisions.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <unordered_map>

namespace pcargo::plan {

namespace {

const char* kind_description(cargo::TargetKind kind) {
  switch (kind) {
    case cargo::TargetKind::kLib:
      return "lib";
    case cargo::TargetKind::kBin:
      return "bin";
    case cargo::TargetKind::kExample:
      return "example";
    case cargo::TargetKind::kTest:
      return "integration-test";
    case cargo::TargetKind::kBench:
      return "bench";
    case cargo::TargetKind::kCustomBuild:
      return "build-script";
  }
  return "";
}

std::string describe(const BuildPlan& plan, UnitId unit) {
  const auto& target = plan.graph().target(unit);
  return fmt::format(
      "the {} target `{}` in package `{}`", kind_description(target.kind), target.name, plan.package(unit).display());
}

template <class Visit>
void for_each_path(const BuildPlan& plan, Visit visit) {
  for (std::uint32_t i = 0; i < plan.graph().units.size(); ++i) {
    for (const auto& output : plan.outputs(UnitId{i})) {
      visit(output.path, UnitId{i});
      if (output.final_path) {
        visit(*output.final_path, UnitId{i});
      }
    }
  }
}

/// Nearly no graph has any: hashes tell so without all paths in memory at once.
bool may_collide(const BuildPlan& plan) {
  std::vector<std::size_t> hashes;
  for_each_path(plan, [&](const std::string& path, UnitId) { hashes.push_back(std::hash<std::string>()(path)); });
  std::sort(hashes.begin(), hashes.end());
  return std::adjacent_find(hashes.begin(), hashes.end()) != hashes.end();
}

}  // namespace

std::vector<Collision> find_collisions(const BuildPlan& plan) {
  std::vector<Collision> collisions;
  if (!may_collide(plan)) {
    return collisions;
  }
  std::unordered_map<std::string, UnitId> writers;
  for_each_path(plan, [&](const std::string& path, UnitId unit) {
    const auto [writer, is_new] = writers.emplace(path, unit);
    if (is_new) {
      return;
    }
    const UnitId other = writer->second;
    writer->second = unit;
    collisions.push_back({path,
                          unit,
                          other,
                          describe(plan, unit) + " has the same output filename as " + describe(plan, other),
                          plan.graph().target(unit).name == plan.graph().target(other).name});
  });
  return collisions;
}

}  // namespace pcargo::plan
