// SPDX-License-Identifier: MIT OR Apache-2.0
// What a recorded build would take on other numbers of cores, in cargo's order and in ours: the simulator, fed with
// unit times that record_times.py has taken. simulated_builds.py runs it over all projects.
//
//   simulated_builds PLAN.json TIMES.sqlite [OTHER-TIMES.sqlite]
//
// PLAN.json: `pcargo plan --format=json`. TIMES: what the units truly take. OTHER-TIMES: what our history says of them;
// without it there is none. A line for each number of cores: cores, cargo, ours by the prior, ours by the history, the
// bound; seconds.
#include "graph/lower_bound.h"
#include "platform/files.h"
#include "recorded_build.h"
#include "schedule/simulator.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

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

  double cargo(int cores) const { return makespan(held_.actions(), bench::cargos_priority(held_.actions()), cores); }

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
