// SPDX-License-Identifier: MIT OR Apache-2.0
// What a recorded build would take on other numbers of cores, in cargo's order and in ours: the simulator, fed with
// unit times that record_times.py has taken. simulated_builds.py runs it over all projects.
//
//   simulated_builds PLAN.json TIMES.sqlite [OTHER-TIMES.sqlite]
//   simulated_builds --schedule cargo|ours CORES PLAN.json TIMES.sqlite
//
// PLAN.json: `pcargo plan --format=json`. TIMES: what the units truly take. OTHER-TIMES: what our history says of them;
// without it there is none. A line for each number of cores: cores, cargo, ours by the prior, ours by the history, the
// bound; seconds. With --schedule a line for each unit: when it began, had metadata, had objects or its codegen ended,
// and ended.
#include "graph/lower_bound.h"
#include "platform/files.h"
#include "recorded_build.h"
#include "schedule/simulator.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace pcargo;

namespace {

constexpr int kCores[] = {2, 4, 8, 16, 64};

class Simulations {
 public:
  Simulations(const plan::BuildPlan& held, const plan::BuildPlan& late, record::Estimates truth)
      : held_(held), late_(late), truth_(std::move(truth)), work_(record::on_free_cores(truth_, 1)) {
    for (const auto& one : truth_) {
      threads_.push_back(one.threads);
    }
  }

  double bound(int cores) const {
    const auto fastest = record::on_free_cores(truth_, static_cast<unsigned>(cores));
    return 1e-9 * static_cast<double>(graph::lower_bound(late_.actions(), fastest, work_, cores));
  }

  schedule::Schedule cargos_schedule(int cores) const {
    return schedule(held_.actions(), bench::cargos_priority(held_.actions()), cores, false);
  }

  schedule::Schedule our_schedule(const record::Estimates& known, int cores) const {
    const auto durations = record::on_free_cores(known, static_cast<unsigned>(cores));
    return schedule(late_.actions(), graph::longest_remaining(late_.actions(), durations), cores, true);
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
  schedule::Schedule schedule(const graph::ActionGraph& graph,
                              IdMap<UnitId, std::int64_t> priority,
                              int cores,
                              bool is_our_pool) const {
    schedule::SimulationInput input;
    input.priority = std::move(priority);
    input.durations = work_;
    input.slots = cores;
    input.codegen_threads = threads_;
    input.serial_share = record::kSerialShare;
    input.scheduler_first = is_our_pool;
    return schedule::simulate(graph, input);
  }

  const plan::BuildPlan& held_;
  const plan::BuildPlan& late_;
  record::Estimates truth_;
  graph::Durations work_;
  IdMap<UnitId, unsigned> threads_;
};

double seconds(std::int64_t nanoseconds) {
  return 1e-9 * static_cast<double>(nanoseconds);
}

void print(const plan::BuildPlan& plan, const schedule::Schedule& schedule) {
  for (UnitId unit{0}; unit.value < plan.actions().size(); ++unit.value) {
    const auto& times = schedule.units[unit];
    const auto& target = plan.graph().target(unit);
    std::printf("%8.3f %8.3f %8.3f %8.3f  %s %s %s\n",
                seconds(times.start.value_or(0)),
                seconds(times.metadata.value_or(0)),
                seconds(times.link_start.value_or(0)),
                seconds(times.finish.value_or(0)),
                cargo::mode_name(plan.graph().units[unit].mode).data(),
                plan.package(unit).name.c_str(),
                target.name.c_str());
  }
}

Result<void> print_schedule(char** argv) {
  PCARGO_ASSIGN(const auto text, platform::read_file(argv[4]));
  PCARGO_ASSIGN(const auto held, bench::make_plan(text, plan::Linking::kHeld));
  PCARGO_ASSIGN(const auto late, bench::make_plan(text, plan::Linking::kLateWhereItPays));
  PCARGO_ASSIGN(auto truth, bench::estimates(*held, argv[5]));
  PCARGO_ASSIGN(const auto nothing, bench::estimates(*late, ""));
  const Simulations simulations(*held, *late, std::move(truth));
  const int cores = std::atoi(argv[3]);
  const bool is_ours = std::string_view(argv[2]) == "ours";
  print(*held, is_ours ? simulations.our_schedule(nothing, cores) : simulations.cargos_schedule(cores));
  return {};
}

Result<void> run(int argc, char** argv) {
  PCARGO_ASSIGN(const auto text, platform::read_file(argv[1]));
  PCARGO_ASSIGN(const auto held, bench::make_plan(text, plan::Linking::kHeld));
  PCARGO_ASSIGN(const auto late, bench::make_plan(text, plan::Linking::kLateWhereItPays));
  PCARGO_ASSIGN(auto truth, bench::estimates(*held, argv[2]));
  PCARGO_ASSIGN(const auto nothing, bench::estimates(*late, ""));
  PCARGO_ASSIGN(const auto other, bench::estimates(*late, argc > 3 ? argv[3] : ""));
  const Simulations simulations(*held, *late, std::move(truth));
  std::printf("units %zu measured %d\n", held->actions().size(), simulations.measured());
  for (const int cores : kCores) {
    std::printf("%d %.4f %.4f %.4f %.4f\n",
                cores,
                seconds(simulations.cargos_schedule(cores).makespan),
                seconds(simulations.our_schedule(nothing, cores).makespan),
                seconds(simulations.our_schedule(other, cores).makespan),
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
  const bool is_schedule = argc == 6 && std::string_view(argv[1]) == "--schedule";
  if (auto done = is_schedule ? print_schedule(argv) : run(argc, argv); !done) {
    std::fprintf(stderr, "%s\n", done.error().message.c_str());
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
