// SPDX-License-Identifier: MIT OR Apache-2.0
// Simulated builds: bounds of the makespan, replay, and graphs of a hundred thousand units.
#include "graph/critical_path.h"
#include "graph/lower_bound.h"
#include "random_graph.h"
#include "schedule/simulator.h"
#include "seeds.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

namespace pcargo::schedule {
namespace {

using graph::ActionGraph;
using graph::Durations;
using graph::Edge;
using graph::Phases;
using test::NodeMap;
using test::Random;

constexpr std::size_t kSeeds = 300;
constexpr std::uint32_t kManyUnits = 100'000;

ActionGraph built(const NodeMap& nodes) {
  auto graph = ActionGraph::build(nodes);
  REQUIRE(graph);
  return *std::move(graph);
}

std::int64_t work(const Durations& durations) {
  std::int64_t sum = 0;
  for (const graph::PhaseDurations& one : durations) {
    sum += one.total();
  }
  return sum;
}

IdMap<UnitId, Outcome> random_outcomes(Random* random, std::size_t size) {
  IdMap<UnitId, Outcome> outcomes(size, Outcome::kSuccess);
  for (Outcome& one : outcomes) {
    one = random->chance(5) ? Outcome::kFailure : Outcome::kSuccess;
  }
  return outcomes;
}

std::size_t count_of(const Schedule& schedule, UnitState end) {
  return static_cast<std::size_t>(std::count_if(
      schedule.units.begin(), schedule.units.end(), [&](const UnitTimes& unit) { return unit.end == end; }));
}

TEST_CASE("no schedule is shorter than the critical path or the work, none longer than both together") {
  for (std::uint64_t seed : test::seeds("makespan", kSeeds)) {
    Random random(seed);
    NodeMap nodes = test::random_nodes(&random, 1 + random.below(60));
    ActionGraph graph = built(nodes);
    Durations durations = test::random_durations(&random, nodes, 0);
    int slots = static_cast<int>(random.between(2, 6));
    INFO("seed " << seed << ", " << slots << " slots\n" << test::to_text(nodes));

    SimulationInput input{test::random_priority(&random, nodes.size()), durations, slots};
    std::int64_t makespan = simulate(graph, input).makespan;
    std::int64_t path = graph::critical_path(graph, durations).length;
    REQUIRE(makespan >= path);
    const auto bound = graph::lower_bound(graph, durations, durations, slots);
    REQUIRE(bound >= path);
    REQUIRE(bound * slots >= work(durations) - slots);
    REQUIRE(makespan >= bound);
    REQUIRE(makespan * slots >= work(durations));
    REQUIRE(makespan * slots <= work(durations) + path * slots);

    input.slots = 1;
    REQUIRE(simulate(graph, input).makespan == work(durations));
    input.slots = static_cast<int>(nodes.size());
    REQUIRE(simulate(graph, input).makespan == path);
  }
}

TEST_CASE("with enough cores everything happens at its earliest time") {
  for (std::uint64_t seed : test::seeds("earliest times", kSeeds)) {
    Random random(seed);
    NodeMap nodes = test::random_nodes(&random, random.below(40));
    ActionGraph graph = built(nodes);
    Durations durations = test::random_durations(&random, nodes, 0);
    INFO("seed " << seed << "\n" << test::to_text(nodes));
    SimulationInput input{IdMap<UnitId, std::int64_t>(nodes.size()), durations, static_cast<int>(nodes.size()) + 1};
    Schedule schedule = simulate(graph, input);
    auto earliest = graph::earliest_times(graph, durations);
    for (UnitId unit{0}; unit.value < nodes.size(); ++unit.value) {
      INFO("u" << unit.value);
      REQUIRE(schedule.units[unit].start == earliest[unit].start);
      REQUIRE(schedule.units[unit].metadata == earliest[unit].metadata);
      REQUIRE(schedule.units[unit].finish == earliest[unit].artifact);
    }
  }
}

TEST_CASE("a replay of any simulated build decides the same") {
  for (std::uint64_t seed : test::seeds("replay", kSeeds)) {
    Random random(seed);
    NodeMap nodes = test::random_nodes(&random, random.below(40));
    ActionGraph graph = built(nodes);
    SimulationInput input{test::random_priority(&random, nodes.size()),
                          test::random_durations(&random, nodes, 0),
                          static_cast<int>(random.between(1, 5))};
    input.keep_going = random.chance(50);
    input.outcomes = random_outcomes(&random, nodes.size());
    if (random.chance(30)) {
      input.stop_at = random.between(0, 100);
    }
    INFO("seed " << seed << "\n" << test::to_text(nodes, input.priority));
    Scheduler replayed(graph, input.priority, Options{input.keep_going, input.slots});
    for (const Exchange& exchange : simulate(graph, input).exchanges) {
      std::vector<Decision> decisions;
      if (exchange.event) {
        replayed.handle(*exchange.event, &decisions);
      } else {
        replayed.begin(&decisions);
      }
      REQUIRE(decisions == exchange.decisions);
    }
  }
}

IdMap<UnitId, std::int64_t> random_peaks(Random* random, std::size_t size) {
  IdMap<UnitId, std::int64_t> peaks(size, 0);
  for (std::int64_t& peak : peaks) {
    peak = random->between(1, 100);
  }
  return peaks;
}

TEST_CASE("memory that is enough changes no decision") {
  for (std::uint64_t seed : test::seeds("enough memory", kSeeds)) {
    Random random(seed);
    NodeMap nodes = test::random_nodes(&random, 1 + random.below(40));
    ActionGraph graph = built(nodes);
    SimulationInput input{test::random_priority(&random, nodes.size()),
                          test::random_durations(&random, nodes, 0),
                          static_cast<int>(random.between(1, 8))};
    INFO("seed " << seed << "\n" << test::to_text(nodes, input.priority));
    const Schedule without = simulate(graph, input);
    input.peaks = random_peaks(&random, nodes.size());
    input.memory = 0;
    for (std::int64_t peak : input.peaks) {
      input.memory += peak;
    }
    input.memory += 100;  // for the largest, beside all that could be late
    const Schedule with = simulate(graph, input);
    REQUIRE(with.exchanges == without.exchanges);
  }
}

TEST_CASE("one unit that takes more than was predicted passes the limit by no more than that") {
  std::size_t passed = 0;
  for (std::uint64_t seed : test::seeds("a wrong prediction", kSeeds)) {
    Random random(seed);
    NodeMap nodes = test::random_nodes(&random, 1 + random.below(40));
    ActionGraph graph = built(nodes);
    SimulationInput input{test::random_priority(&random, nodes.size()),
                          test::random_durations(&random, nodes, 0),
                          static_cast<int>(random.between(1, 8))};
    input.peaks = random_peaks(&random, nodes.size());
    input.memory = random.between(100, 300);
    INFO("seed " << seed << ", limit " << input.memory << "\n" << test::to_text(nodes, input.priority));
    REQUIRE(simulate(graph, input).most_memory <= input.memory);
    input.true_peaks = input.peaks;
    const std::int64_t wrong_by = random.between(1, 100);
    input.true_peaks[UnitId{static_cast<std::uint32_t>(random.below(nodes.size()))}] += wrong_by;
    const std::int64_t most = simulate(graph, input).most_memory;
    REQUIRE(most <= input.memory + wrong_by);
    passed += most > input.memory ? 1 : 0;
  }
  CHECK(passed > 0);
}

// Shapes in which a careless algorithm takes quadratic time: with a hundred thousand units that would be minutes.

NodeMap chain() {
  NodeMap nodes(kManyUnits);
  for (UnitId unit{1}; unit.value < kManyUnits; ++unit.value) {
    nodes[unit].dependencies = {Edge{UnitId{unit.value - 1}, Milestone::kMetadata}};
    nodes[unit].phases = Phases::kPipelined;
  }
  nodes[UnitId{kManyUnits - 1}] = {Phases::kLinking, {Edge{UnitId{kManyUnits - 2}, Milestone::kClosure}}};
  return nodes;
}

/// One unit below all, one above all.
NodeMap spindle() {
  NodeMap nodes(kManyUnits);
  UnitId top{kManyUnits - 1};
  nodes[top].phases = Phases::kLinking;
  for (UnitId unit{1}; unit < top; ++unit.value) {
    nodes[unit] = {Phases::kPipelined, {Edge{UnitId{0}, Milestone::kMetadata}}};
    nodes[top].dependencies.push_back(Edge{unit, Milestone::kClosure});
  }
  return nodes;
}

/// Every second unit is a program that links all the libraries below it, each of which depends on the one before.
NodeMap programs() {
  NodeMap nodes(kManyUnits);
  for (UnitId unit{2}; unit.value < kManyUnits; ++unit.value) {
    bool links = unit.value % 2 == 1;
    UnitId library{links ? unit.value - 1 : unit.value - 2};
    nodes[unit] = {links ? Phases::kLinking : Phases::kPipelined, {Edge{library, Milestone::kMetadata}}};
  }
  return nodes;
}

TEST_CASE("a hundred thousand units are no trouble") {
  auto nodes = GENERATE(chain, spindle, programs)();
  ActionGraph graph = built(nodes);
  SimulationInput input{graph::equal_weight_priority(graph), Durations(kManyUnits, {1, 2, 1}), 16};
  Schedule schedule = simulate(graph, input);
  CHECK(schedule.outcome == Outcome::kSuccess);
  CHECK(count_of(schedule, UnitState::kDone) == kManyUnits);
  CHECK(schedule.makespan >= graph::critical_path(graph, input.durations).length);

  // Hardly two of three fit beside each other, and most that are ready do not.
  input.peaks = IdMap<UnitId, std::int64_t>(kManyUnits, 1);
  for (UnitId unit{0}; unit.value < kManyUnits; ++unit.value) {
    input.peaks[unit] = 1 + unit.value % 7 * 5;
  }
  input.memory = 40;
  Schedule scarce = simulate(graph, input);
  CHECK(count_of(scarce, UnitState::kDone) == kManyUnits);
  CHECK(scarce.most_memory <= input.memory);
  input.peaks = {};

  input.outcomes = IdMap<UnitId, Outcome>(kManyUnits, Outcome::kSuccess);
  for (UnitId unit{kManyUnits / 2}; unit.value < kManyUnits; unit.value += 3) {
    input.outcomes[unit] = Outcome::kFailure;
  }
  input.keep_going = true;
  Schedule failing = simulate(graph, input);
  CHECK(failing.outcome == Outcome::kFailure);
  CHECK(count_of(failing, UnitState::kFailed) >= 1);
  CHECK(count_of(failing, UnitState::kSkipped) >= 1);
  CHECK(count_of(failing, UnitState::kDone) >= kManyUnits / 4);
}

}  // namespace
}  // namespace pcargo::schedule
