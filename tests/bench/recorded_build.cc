// SPDX-License-Identifier: MIT OR Apache-2.0
#include "recorded_build.h"

#include "plan/plan_file.h"
#include "platform/processor.h"
#include "record/history.h"

#include <vector>

namespace pcargo::bench {

IdMap<UnitId, std::int64_t> cargos_priority(const graph::ActionGraph& graph) {
  const std::size_t size = graph.size();
  std::vector<std::vector<bool>> above(size, std::vector<bool>(size, false));
  IdMap<UnitId, std::int64_t> priority(size, 0);
  const auto& order = graph.topological_order();
  for (auto unit = order.rbegin(); unit != order.rend(); ++unit) {
    auto& own = above[unit->value];
    for (const auto& edge : graph.dependents(*unit)) {
      own[edge.unit.value] = true;
      for (std::size_t i = 0; i < size; ++i) {
        own[i] = own[i] || above[edge.unit.value][i];
      }
    }
    for (const bool is_above : own) {
      priority[*unit] += is_above ? 1 : 0;
    }
  }
  return priority;
}

Result<record::Estimates> estimates(const plan::BuildPlan& plan, const std::string& file) {
  std::vector<record::UnitKey> keys;
  for (UnitId unit{0}; unit.value < plan.actions().size(); ++unit.value) {
    keys.push_back(record::unit_key(plan, unit, platform::processor_name()));
  }
  record::History history(file);
  auto known = history.look_up(keys);
  if (!history.note().empty()) {
    return Error{ErrorKind::kInput, file + ": " + history.note()};
  }
  return record::estimate(plan, known);
}

Result<std::unique_ptr<const plan::BuildPlan>> make_plan(const std::string& text, plan::Linking linking) {
  PCARGO_ASSIGN(auto file, plan::read_plan_file(text, Environment()));
  return plan::BuildPlan::make(std::move(file.graph), std::move(file.packages), std::move(file.settings), {}, linking);
}

}  // namespace pcargo::bench
