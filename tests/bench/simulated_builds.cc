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
#include "platform/files.h"
#include "recorded_build.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace pcargo;

namespace {

constexpr int kCores[] = {2, 4, 8, 16, 64};

void print(const plan::BuildPlan& plan, const schedule::Schedule& schedule) {
  for (UnitId unit{0}; unit.value < plan.actions().size(); ++unit.value) {
    const auto& times = schedule.units[unit];
    const auto& target = plan.graph().target(unit);
    std::printf("%8.3f %8.3f %8.3f %8.3f  %s %s %s\n",
                bench::seconds(times.start.value_or(0)),
                bench::seconds(times.metadata.value_or(0)),
                bench::seconds(times.link_start.value_or(0)),
                bench::seconds(times.finish.value_or(0)),
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
  const bench::Simulations simulations(*held, *late, std::move(truth));
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
  const bench::Simulations simulations(*held, *late, std::move(truth));
  std::printf("units %zu measured %d\n", held->actions().size(), simulations.measured());
  for (const int cores : kCores) {
    std::printf("%d %.4f %.4f %.4f %.4f\n",
                cores,
                bench::seconds(simulations.cargos_schedule(cores).makespan),
                bench::seconds(simulations.our_schedule(nothing, cores).makespan),
                bench::seconds(simulations.our_schedule(other, cores).makespan),
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
