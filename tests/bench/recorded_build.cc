// SPDX-License-Identifier: MIT OR Apache-2.0
#include "recorded_build.h"

#include "cli/build_order.h"
#include "graph/lower_bound.h"
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

IdMap<UnitId, std::int64_t> our_priority(const plan::BuildPlan& late, const record::Estimates& known, int cores) {
  return cli::build_order(late.actions(), known, {.jobs = cores, .builds_all = true});
}

Simulations::Simulations(const plan::BuildPlan& held, const plan::BuildPlan& late, record::Estimates truth)
    : held_(held), late_(late), truth_(std::move(truth)), work_(record::on_free_cores(truth_, 1)) {
  for (const auto& one : truth_) {
    threads_.push_back(one.threads);
  }
}

schedule::Schedule Simulations::cargos_schedule(int cores) const {
  auto cargos = input(cargos_priority(held_.actions()), cores);
  cargos.scheduler_first = false;
  return schedule::simulate(held_.actions(), cargos);
}

schedule::Schedule Simulations::our_schedule(const record::Estimates& known, int cores) const {
  return ordered(our_priority(late_, known, cores), cores);
}

schedule::Schedule Simulations::ordered(IdMap<UnitId, std::int64_t> priority, int cores) const {
  return schedule::simulate(late_.actions(), input(std::move(priority), cores));
}

double Simulations::bound(int cores) const {
  const auto fastest = record::on_free_cores(truth_, static_cast<unsigned>(cores));
  return seconds(graph::lower_bound(late_.actions(), fastest, work_, cores));
}

int Simulations::measured() const {
  int count = 0;
  for (const auto& one : truth_) {
    count += one.from == record::Estimate::From::kThisUnit ? 1 : 0;
  }
  return count;
}

schedule::SimulationInput Simulations::input(IdMap<UnitId, std::int64_t> priority, int cores) const {
  schedule::SimulationInput input;
  input.priority = std::move(priority);
  input.durations = work_;
  input.slots = cores;
  input.codegen_threads = threads_;
  input.serial_share = record::kSerialShare;
  input.keeps_exchanges = false;
  return input;
}

}  // namespace pcargo::bench
