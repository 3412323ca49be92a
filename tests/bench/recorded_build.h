// SPDX-License-Identifier: MIT OR Apache-2.0
// A recorded build as benchmarks need it: the plan, from its file, and what the units took, from a history.
#pragma once

#include "plan/build_plan.h"
#include "record/estimate.h"
#include "schedule/simulator.h"

#include <cstdint>
#include <memory>
#include <string>

namespace pcargo::bench {

/// `text`: of `pcargo plan --format=json`.
Result<std::unique_ptr<const plan::BuildPlan>> make_plan(const std::string& text, plan::Linking linking);

/// What `file`, a history, says of the units; with an empty name, what the prior says.
Result<record::Estimates> estimates(const plan::BuildPlan& plan, const std::string& file);

/// Every unit weighs the same, and counts for all that depend on it (cargo 1.95: util/dependency_queue.rs, priority).
IdMap<UnitId, std::int64_t> cargos_priority(const graph::ActionGraph& graph);

/// A recorded build, simulated with this order or that.
class Simulations {
 public:
  /// `held`, `late`: the same plan, linked as cargo does and as we do. Both outlive this.
  Simulations(const plan::BuildPlan& held, const plan::BuildPlan& late, record::Estimates truth);

  schedule::Schedule cargos_schedule(int cores) const;
  /// By what we know or think of the units.
  schedule::Schedule our_schedule(const record::Estimates& known, int cores) const;
  /// In any order, linked late; its exchanges are not kept.
  schedule::Schedule ordered(IdMap<UnitId, std::int64_t> priority, int cores) const;

  /// No schedule is shorter; seconds.
  double bound(int cores) const;
  /// Of how many units somebody has measured what they take.
  int measured() const;

 private:
  schedule::SimulationInput input(IdMap<UnitId, std::int64_t> priority, int cores) const;

  const plan::BuildPlan& held_;
  const plan::BuildPlan& late_;
  record::Estimates truth_;
  graph::Durations work_;
  IdMap<UnitId, unsigned> threads_;
};

/// What we would rank units by.
IdMap<UnitId, std::int64_t> our_priority(const plan::BuildPlan& late, const record::Estimates& known, int cores);

inline double seconds(std::int64_t nanoseconds) {
  return 1e-9 * static_cast<double>(nanoseconds);
}

}  // namespace pcargo::bench
