// SPDX-License-Identifier: MIT OR Apache-2.0
// Feeds the reader of build plans whatever comes, as a plan of the workspace that the seed was recorded of. What it
// accepts must hold together: a graph that is built is walked by index without a check.
#include "cargo/build_plan_reader.h"

#include "support/recorded_plan.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

using namespace pcargo;

void require(bool is_so) {
  if (!is_so) {
    std::abort();
  }
}

void check_graph(const cargo::UnitGraph& graph) {
  for (std::uint32_t i = 0; i < graph.units.size(); ++i) {
    const cargo::Unit& unit = graph.units[UnitId{i}];
    require(graph.package_ids.contains(unit.package) && graph.targets.contains(unit.target));
    require(graph.profiles.contains(unit.profile) && graph.platforms.contains(unit.platform));
    require(graph.feature_sets.contains(unit.features));
    require(!graph.target(UnitId{i}).name.empty() && !graph.target(UnitId{i}).crate_types.empty());
    for (const cargo::Dependency& dependency : unit.dependencies) {
      require(dependency.unit.value < i && graph.crate_names.contains(dependency.extern_crate_name));
    }
  }
  require(graph.units.size() == 0 || !graph.roots.empty());
  for (const UnitId root : graph.roots) {
    require(graph.units.contains(root));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const test::RecordedPlan recorded;
  const auto graph =
      cargo::read_build_plan(std::string_view(reinterpret_cast<const char*>(data), size), recorded.context);
  if (graph) {
    check_graph(*graph);
  } else {
    require(!graph.error().message.empty());
  }
  return 0;
}
