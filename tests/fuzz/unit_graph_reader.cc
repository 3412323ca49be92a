// SPDX-License-Identifier: MIT OR Apache-2.0
// Feeds the reader of unit graphs whatever comes. What it accepts must hold together (a graph that is built is walked
// by index without a check), and must come back the same when it is written and read again.
#include "cargo/unit_graph_reader.h"

#include "cargo/unit_graph_writer.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace pcargo;

void require(bool is_so) {
  if (!is_so) {
    std::abort();
  }
}

void check_indices(const cargo::UnitGraph& graph) {
  for (const auto& unit : graph.units) {
    require(graph.package_ids.contains(unit.package) && graph.targets.contains(unit.target));
    require(graph.profiles.contains(unit.profile) && graph.platforms.contains(unit.platform));
    require(graph.feature_sets.contains(unit.features));
    for (const auto& dependency : unit.dependencies) {
      require(graph.units.contains(dependency.unit) && graph.crate_names.contains(dependency.extern_crate_name));
    }
  }
  for (const UnitId root : graph.roots) {
    require(graph.units.contains(root));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto graph = cargo::read_unit_graph(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!graph) {
    require(!graph.error().message.empty());
    return 0;
  }
  check_indices(*graph);
  const auto json = cargo::unit_graph_to_json(*graph);
  const auto again = cargo::read_unit_graph(json.dump());
  require(again && cargo::unit_graph_to_json(*again) == json);
  return 0;
}
