// SPDX-License-Identifier: MIT OR Apache-2.0
// What a recorded build would take on sixteen cores with a third of the memory that it takes when nobody counts: in the
// order that a build begins with, and in the best that a longer search finds. No scheduler can be better than the
// bound.
//
//   memory_orders PLAN.json TIMES.sqlite [EVALUATIONS] [CORES]
//
// PLAN.json: `pcargo plan --format=json`. TIMES: a history of that build. One line: units; MiB: the limit, the most
// that was taken at once, the same when only the prior is known. Then seconds: without a limit; with it: by the longest
// way to the end, in our order, in the best that was found, the bound; by the prior alone: by the longest way, in our
// order.
#include "graph/critical_path.h"
#include "graph/lower_bound.h"
#include "platform/files.h"
#include "record/simulation.h"
#include "recorded_build.h"
#include "schedule/order_search.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

using namespace pcargo;

namespace {

schedule::SimulationInput input_for(const graph::ActionGraph& graph, const record::Estimates& known, int cores) {
  auto input = record::simulation_of(graph, known, cores);
  input.peaks = record::peaks(known);
  return input;
}

Result<void> run(int argc, char** argv) {
  const std::size_t evaluations = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 20'000;
  const int cores = argc > 4 ? std::atoi(argv[4]) : 16;
  PCARGO_ASSIGN(const auto text, platform::read_file(argv[1]));
  PCARGO_ASSIGN(const auto plan, bench::make_plan(text, plan::Linking::kLateWhereItPays));
  PCARGO_ASSIGN(const auto truth, bench::estimates(*plan, argv[2]));
  PCARGO_ASSIGN(const auto prior, bench::estimates(*plan, ""));
  const auto& graph = plan->actions();
  const auto fastest = record::on_free_cores(truth, static_cast<unsigned>(cores));
  auto input = input_for(graph, truth, cores);
  const auto without = schedule::simulate(graph, input);
  input.memory = without.most_memory / 3;
  const auto longest_way = schedule::simulate(graph, input);
  const auto search = [&](schedule::SimulationInput from, std::size_t trials) {
    from.priority = schedule::search_order(graph, from, {}, trials);
    return from.priority;
  };
  auto ordered = input;
  ordered.priority = search(input, schedule::order_trials(graph.size()));
  const auto ours = schedule::simulate(graph, ordered);
  ordered.priority = search(input, evaluations);
  const auto best = schedule::simulate(graph, ordered);

  // What the prior thinks, and what then happens.
  auto thought = input_for(graph, prior, cores);
  thought.memory = input.memory;
  auto guessed = input;
  guessed.true_peaks = input.peaks;
  guessed.peaks = thought.peaks;
  guessed.priority = thought.priority;
  const auto prior_way = schedule::simulate(graph, guessed);
  guessed.priority = search(thought, schedule::order_trials(graph.size()));
  const auto prior_ours = schedule::simulate(graph, guessed);

  // Each unit keeps its memory for as long as it runs, which is at least its fastest.
  double area = 0;
  for (UnitId unit{0}; unit.value < graph.size(); ++unit.value) {
    area += static_cast<double>(input.peaks[unit]) * static_cast<double>(fastest[unit].total());
  }
  const auto bound = std::max(graph::lower_bound(graph, fastest, input.durations, cores),
                              static_cast<std::int64_t>(area / static_cast<double>(input.memory)));
  std::printf(
      "%zu units, limit %ld, taken %ld, by the prior %ld; seconds %.2f, with the limit %.2f %.2f %.2f %.2f, "
      "by the prior %.2f %.2f\n",
      graph.size(),
      static_cast<long>(input.memory >> 20),
      static_cast<long>(ours.most_memory >> 20),
      static_cast<long>(prior_ours.most_memory >> 20),
      bench::seconds(without.makespan),
      bench::seconds(longest_way.makespan),
      bench::seconds(ours.makespan),
      bench::seconds(best.makespan),
      bench::seconds(bound),
      bench::seconds(prior_way.makespan),
      bench::seconds(prior_ours.makespan));
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: memory_orders PLAN.json TIMES.sqlite [EVALUATIONS] [CORES]\n", stderr);
    return EXIT_FAILURE;
  }
  if (auto done = run(argc, argv); !done) {
    std::fprintf(stderr, "%s\n", done.error().message.c_str());
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
