// SPDX-License-Identifier: MIT OR Apache-2.0
// What a recorded build would take on other numbers of cores, in cargo's order and in ours: the simulator, fed with
// unit times that record_times.py has taken. simulated_builds.py runs it over all projects.
//
//   simulated_builds PLAN.json TIMES.sqlite [OTHER-TIMES.sqlite]
//
// PLAN.json: `pcargo plan --format=json`. TIMES: what the units truly take. OTHER-TIMES: what our history says of them;
// without it there is none. A line for each number of cores: cores, cargo, ours by the prior, ours by the history, the
// bound; seconds.
#include "graph/critical_path.h"
#include "graph/lower_bound.h"
#include "plan/build_plan.h"
#include "plan/plan_file.h"
#include "platform/files.h"
#include "platform/processor.h"
#include "record/estimate.h"
#include "record/history.h"
#include "schedule/simulator.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

using namespace pcargo;

namespace {

constexpr int kCores[] = {2, 4, 8, 16, 64};

/// Every unit weighs the same, and counts for all that depend on it (cargo 1.95: util/dependency_queue.rs, priority).
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

class Simulations {
 public:
  Simulations(const plan::BuildPlan& held, const plan::BuildPlan& late, record::Estimates truth)
      : held_(held), late_(late), truth_(std::move(truth)), work_(record::on_free_cores(truth_, 1)) {
    for (const auto& one : truth_) {
      threads_.push_back(one.threads);
    }
  }

  double cargo(int cores) const { return makespan(held_.actions(), cargos_priority(held_.actions()), cores); }

  double ours(const record::Estimates& known, int cores) const {
    const auto durations = record::on_free_cores(known, static_cast<unsigned>(cores));
    return makespan(late_.actions(), graph::longest_remaining(late_.actions(), durations), cores);
  }

  double bound(int cores) const {
    const auto fastest = record::on_free_cores(truth_, static_cast<unsigned>(cores));
    return 1e-9 * static_cast<double>(graph::lower_bound(late_.actions(), fastest, work_, cores));
  }

  /// Of how many units somebody has measured what they take.
  int measured() const {
    int count = 0;
    for (const auto& one : truth_) {
      count += one.from == record::Estimate::From::kThisUnit ? 1 : 0;
    }
    return count;
  }

 private:
  double makespan(const graph::ActionGraph& graph, IdMap<UnitId, std::int64_t> priority, int cores) const {
    schedule::SimulationInput input;
    input.priority = std::move(priority);
    input.durations = work_;
    input.slots = cores;
    input.codegen_threads = threads_;
    input.serial_share = record::kSerialShare;
    return 1e-9 * static_cast<double>(schedule::simulate(graph, input).makespan);
  }

  const plan::BuildPlan& held_;
  const plan::BuildPlan& late_;
  record::Estimates truth_;
  graph::Durations work_;
  IdMap<UnitId, unsigned> threads_;
};

Result<void> run(int argc, char** argv) {
  PCARGO_ASSIGN(const auto text, platform::read_file(argv[1]));
  PCARGO_ASSIGN(const auto held, make_plan(text, plan::Linking::kHeld));
  PCARGO_ASSIGN(const auto late, make_plan(text, plan::Linking::kLateWhereItPays));
  PCARGO_ASSIGN(auto truth, estimates(*held, argv[2]));
  PCARGO_ASSIGN(const auto nothing, estimates(*late, ""));
  PCARGO_ASSIGN(const auto other, estimates(*late, argc > 3 ? argv[3] : ""));
  const Simulations simulations(*held, *late, std::move(truth));
  std::printf("units %zu measured %d\n", held->actions().size(), simulations.measured());
  for (const int cores : kCores) {
    std::printf("%d %.4f %.4f %.4f %.4f\n",
                cores,
                simulations.cargo(cores),
                simulations.ours(nothing, cores),
                simulations.ours(other, cores),
                simulations.bound(cores));
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: simulated_builds PLAN.json TIMES.sqlite [OTHER-TIMES.sqlite]\n", stderr);
    return EXIT_FAILURE;
  }
  if (auto done = run(argc, argv); !done) {
    std::fprintf(stderr, "%s\n", done.error().message.c_str());
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
