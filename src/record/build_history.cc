// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/build_history.h"

namespace pcargo::record {

BuildHistory::BuildHistory(const plan::BuildPlan& plan, std::string file, const std::string& machine)
    : history_(std::move(file)) {
  keys_.reserve(plan.actions().size());
  for (UnitId unit{0}; unit.value < plan.actions().size(); ++unit.value) {
    keys_.push_back(unit_key(plan, unit, machine));
  }
  estimates_ = estimate(plan, history_.look_up(keys_));
}

void BuildHistory::keep(const std::map<UnitId, Measurement>& measured) {
  std::vector<Run> runs;
  for (const auto& [unit, measurement] : measured) {
    runs.push_back({keys_[unit.value], measurement, estimates_[unit].prior});
  }
  history_.add(runs);
}

}  // namespace pcargo::record
