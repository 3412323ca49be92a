// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/native_links.h"

#include "cargo/version.h"
#include "plan/unit_rules.h"

#include <algorithm>

namespace pcargo::plan {

namespace {

void add_once(UnitId run, std::vector<UnitId>* runs) {
  if (std::find(runs->begin(), runs->end(), run) == runs->end()) {
    runs->push_back(run);
  }
}

/// Position of every package in cargo's order of package ids: name, version, source.
IdMap<cargo::PackageId, std::uint32_t> package_ranks(const IdMap<cargo::PackageId, cargo::Package>& packages) {
  std::vector<std::uint32_t> order(packages.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  std::sort(order.begin(), order.end(), [&](std::uint32_t left_index, std::uint32_t right_index) {
    const auto& left = packages[cargo::PackageId{left_index}];
    const auto& right = packages[cargo::PackageId{right_index}];
    if (left.name != right.name) {
      return left.name < right.name;
    }
    const auto versions =
        cargo::compare_versions(cargo::parse_version(left.version), cargo::parse_version(right.version));
    return versions != 0 ? versions < 0 : left.id < right.id;
  });
  IdMap<cargo::PackageId, std::uint32_t> ranks(packages.size());
  for (std::uint32_t rank = 0; rank < order.size(); ++rank) {
    ranks[cargo::PackageId{order[rank]}] = rank;
  }
  return ranks;
}

}  // namespace

IdMap<UnitId, NativeLinks> derive_native_links(const cargo::UnitGraph& graph,
                                               const IdMap<cargo::PackageId, cargo::Package>& packages,
                                               const std::vector<UnitId>& order) {
  const auto ranks = package_ranks(packages);
  IdMap<UnitId, NativeLinks> links(graph.units.size());
  for (UnitId id : order) {
    const auto& unit = graph.units[id];
    auto& own = links[id];
    if (!graph.target(id).is_custom_build()) {
      for (UnitId run : own_script_runs(graph, id)) {
        add_once(run, &own.to_link);
      }
    }
    std::vector<UnitId> dependencies;
    for (const auto& dependency : unit.dependencies) {
      dependencies.push_back(dependency.unit);
    }
    std::stable_sort(dependencies.begin(), dependencies.end(), [&](UnitId left, UnitId right) {
      return ranks[graph.units[left].package] < ranks[graph.units[right].package];
    });
    for (UnitId dependency : dependencies) {
      const auto& target = graph.target(dependency);
      if (target.for_host()) {
        for (UnitId run : links[dependency].to_link) {
          add_once(run, &own.plugins);
        }
      } else if (target.is_linkable()) {
        for (UnitId run : links[dependency].to_link) {
          add_once(run, &own.to_link);
        }
      }
    }
    std::stable_sort(own.plugins.begin(), own.plugins.end(), [&](UnitId left, UnitId right) {
      return ranks[graph.units[left].package] < ranks[graph.units[right].package];
    });
  }
  return links;
}

}  // namespace pcargo::plan
