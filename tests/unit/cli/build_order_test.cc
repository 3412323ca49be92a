// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/build_order.h"

#include "record/simulation.h"
#include "schedule/simulator.h"

#include <catch2/catch.hpp>

#include <cstdint>

using namespace pcargo;
using record::Estimate;

namespace {

constexpr int kJobs = 3;

/// Units that wait for nothing: on three cores they fill nine milliseconds, and eleven where the longest goes first.
constexpr std::int64_t kMilliseconds[] = {5, 5, 4, 4, 3, 3, 3};

graph::ActionGraph independent_units() {
  IdMap<UnitId, graph::ActionGraph::Node> nodes;
  for ([[maybe_unused]] const auto time : kMilliseconds) {
    nodes.push_back({graph::Phases::kPipelined, {}});
  }
  auto graph = graph::ActionGraph::build(nodes);
  REQUIRE(graph);
  return *std::move(graph);
}

record::Estimates estimates_from(Estimate::From from) {
  record::Estimates estimates;
  for (const auto time : kMilliseconds) {
    Estimate estimate;
    estimate.from = from;
    estimate.one_thread.frontend = time * 1000;
    estimates.push_back(estimate);
  }
  return estimates;
}

std::int64_t makespan(Estimate::From from, bool builds_all) {
  const auto graph = independent_units();
  const auto estimates = estimates_from(from);
  auto input = record::simulation_of(graph, estimates, kJobs);
  input.priority = cli::build_order(graph, estimates, {.jobs = kJobs, .builds_all = builds_all});
  return schedule::simulate(graph, input).makespan;
}

}  // namespace

TEST_CASE("a better order than the longest way first is looked for where times are known and all is to be built") {
  CHECK(makespan(Estimate::From::kThisUnit, true) < 11'000);
}

TEST_CASE("by guessed times, or where something may be fresh, the longest way goes first") {
  CHECK(makespan(Estimate::From::kPrior, true) == 11'000);
  CHECK(makespan(Estimate::From::kThisUnit, false) == 11'000);
}
