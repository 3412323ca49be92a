// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/simulation.h"

#include "graph/critical_path.h"

namespace pcargo::record {

schedule::SimulationInput simulation_of(const graph::ActionGraph& graph, const Estimates& estimates, int cores) {
  schedule::SimulationInput input;
  input.priority = graph::longest_remaining(graph, on_free_cores(estimates, static_cast<unsigned>(cores)));
  input.durations = on_free_cores(estimates, 1);
  input.slots = cores;
  input.codegen_threads.reserve(estimates.size());
  for (const Estimate& one : estimates) {
    input.codegen_threads.push_back(one.threads);
  }
  input.serial_share = kSerialShare;
  input.keeps_exchanges = false;
  return input;
}

}  // namespace pcargo::record
