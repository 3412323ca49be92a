// SPDX-License-Identifier: MIT OR Apache-2.0
#include "graph/critical_path.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace pcargo::graph {

namespace {

void raise(std::int64_t* value, std::int64_t candidate) {
  *value = std::max(*value, candidate);
}

/// Needs the values of all dependents.
Remaining remaining_of(const ActionGraph& graph,
                       const Durations& durations,
                       const IdMap<UnitId, Remaining>& remaining,
                       UnitId unit) {
  Remaining result;
  for (const Edge& edge : graph.dependents(unit)) {
    const Remaining& dependent = remaining[edge.unit];
    raise(&result.after_closure, dependent.after_closure);
    if (graph.phases(edge.unit) == Phases::kLinking) {
      raise(&result.after_closure, dependent.link);
    }
    switch (edge.waits) {
      case Milestone::kMetadata:
        raise(&result.after_metadata, dependent.frontend);
        break;
      case Milestone::kObjects:
      case Milestone::kArtifact:
        raise(&result.after_artifact, dependent.frontend);
        break;
      case Milestone::kClosure:
        raise(&result.after_closure, dependent.frontend);
        break;
    }
  }
  raise(&result.after_artifact, result.after_closure);
  PhaseDurations own = fit(graph.phases(unit), durations[unit]);
  result.link = own.link + result.after_artifact;
  result.codegen = own.codegen + result.link;
  result.frontend = own.frontend + std::max(result.codegen, result.after_metadata);
  return result;
}

/// Follows a longest chain backwards in time: each call says what the phase before had to wait for.
class Backtrack {
 public:
  Backtrack(const ActionGraph& graph, const Durations& durations, const IdMap<UnitId, EarliestTimes>& times)
      : graph_(graph), durations_(durations), times_(times) {}

  std::vector<CriticalStep> from_end_of(UnitId unit) && {
    artifact(unit);
    while (next_) {
      Step step = *next_;
      next_.reset();
      PhaseDurations own = fit(graph_.phases(step.unit), durations_[step.unit]);
      switch (step.phase) {
        case Phase::kLink:
          add(step, own.link);
          before_link(step.unit, own);
          break;
        case Phase::kCodegen:
          add(step, own.codegen);
          next_ = Step{step.unit, Phase::kFrontend};
          break;
        case Phase::kFrontend:
          add(step, own.frontend);
          before_start(step.unit);
          break;
      }
    }
    std::reverse(steps_.begin(), steps_.end());
    return std::move(steps_);
  }

 private:
  struct Step {
    UnitId unit;
    Phase phase;
  };

  void add(Step step, std::int64_t duration) {
    if (duration != 0) {
      steps_.push_back(CriticalStep{step.unit, step.phase, duration});
    }
  }

  void artifact(UnitId unit) {
    switch (graph_.phases(unit)) {
      case Phases::kWhole:
        next_ = Step{unit, Phase::kFrontend};
        break;
      case Phases::kPipelined:
        next_ = Step{unit, Phase::kCodegen};
        break;
      case Phases::kLinking:
        next_ = Step{unit, Phase::kLink};
        break;
    }
  }

  /// The unit whose artifact completed the closure of `unit`, down to where its own artifact was the last.
  void closure(UnitId unit) {
    while (times_[unit].closure != times_[unit].artifact) {
      auto below = graph_.dependencies(unit);
      unit = std::find_if(below.begin(), below.end(), [&](const Edge& edge) {
               return times_[edge.unit].closure == times_[unit].closure;
             })->unit;
    }
    artifact(unit);
  }

  void before_link(UnitId unit, const PhaseDurations& own) {
    const EarliestTimes& times = times_[unit];
    if (times.link_start == times.metadata + own.codegen) {
      next_ = Step{unit, Phase::kCodegen};
      return;
    }
    for (const Edge& edge : graph_.dependencies(unit)) {
      if (times_[edge.unit].closure == times.link_start) {
        closure(edge.unit);
        return;
      }
    }
  }

  void before_start(UnitId unit) {
    if (times_[unit].start == 0) {
      return;
    }
    for (const Edge& edge : graph_.dependencies(unit)) {
      if (reached_at(times_[edge.unit], edge.waits) != times_[unit].start) {
        continue;
      }
      if (edge.waits == Milestone::kClosure) {
        closure(edge.unit);
      } else if (edge.waits == Milestone::kMetadata) {
        next_ = Step{edge.unit, Phase::kFrontend};
      } else {
        artifact(edge.unit);
      }
      return;
    }
  }

  const ActionGraph& graph_;
  const Durations& durations_;
  const IdMap<UnitId, EarliestTimes>& times_;
  std::optional<Step> next_;
  std::vector<CriticalStep> steps_;
};

}  // namespace

PhaseDurations fit(Phases phases, PhaseDurations durations) {
  switch (phases) {
    case Phases::kWhole:
      return {durations.total(), 0, 0};
    case Phases::kPipelined:
      return {durations.frontend, durations.codegen + durations.link, 0};
    case Phases::kLinking:
      return durations;
  }
  return durations;
}

IdMap<UnitId, Remaining> remaining_times(const ActionGraph& graph, const Durations& durations) {
  PCARGO_CHECK(durations.size() == graph.size());
  IdMap<UnitId, Remaining> remaining(graph.size());
  const std::vector<UnitId>& order = graph.topological_order();
  for (auto unit = order.rbegin(); unit != order.rend(); ++unit) {
    remaining[*unit] = remaining_of(graph, durations, remaining, *unit);
  }
  return remaining;
}

std::int64_t reached_at(const EarliestTimes& times, Milestone milestone) {
  switch (milestone) {
    case Milestone::kMetadata:
      return times.metadata;
    case Milestone::kObjects:
    case Milestone::kArtifact:
      return times.artifact;
    case Milestone::kClosure:
      return times.closure;
  }
  return times.closure;
}

IdMap<UnitId, std::int64_t> longest_remaining(const ActionGraph& graph, const Durations& durations) {
  IdMap<UnitId, std::int64_t> result;
  result.reserve(graph.size());
  for (const Remaining& remaining : remaining_times(graph, durations)) {
    result.push_back(remaining.frontend);
  }
  return result;
}

IdMap<UnitId, std::int64_t> equal_weight_priority(const ActionGraph& graph) {
  return longest_remaining(graph, Durations(graph.size(), PhaseDurations{1, 0, 0}));
}

IdMap<UnitId, EarliestTimes> earliest_times(const ActionGraph& graph, const Durations& durations) {
  PCARGO_CHECK(durations.size() == graph.size());
  IdMap<UnitId, EarliestTimes> times(graph.size());
  for (UnitId unit : graph.topological_order()) {
    EarliestTimes own;
    std::int64_t closure_below = 0;
    for (const Edge& edge : graph.dependencies(unit)) {
      raise(&own.start, reached_at(times[edge.unit], edge.waits));
      raise(&closure_below, times[edge.unit].closure);
    }
    Phases phases = graph.phases(unit);
    PhaseDurations duration = fit(phases, durations[unit]);
    own.metadata = own.start + duration.frontend;
    own.link_start = own.metadata + duration.codegen;
    if (phases == Phases::kLinking) {
      raise(&own.link_start, closure_below);
    }
    own.artifact = own.link_start + duration.link;
    own.closure = std::max(own.artifact, closure_below);
    times[unit] = own;
  }
  return times;
}

CriticalPath critical_path(const ActionGraph& graph, const Durations& durations) {
  IdMap<UnitId, EarliestTimes> times = earliest_times(graph, durations);
  CriticalPath path;
  UnitId last{0};
  for (UnitId unit{0}; unit.value < graph.size(); ++unit.value) {
    if (times[unit].artifact > path.length) {
      path.length = times[unit].artifact;
      last = unit;
    }
  }
  if (path.length > 0) {
    path.steps = Backtrack(graph, durations, times).from_end_of(last);
  }
  return path;
}

IdMap<UnitId, PhaseSlack> slack(const ActionGraph& graph, const Durations& durations) {
  IdMap<UnitId, EarliestTimes> times = earliest_times(graph, durations);
  IdMap<UnitId, Remaining> remaining = remaining_times(graph, durations);
  std::int64_t length = 0;
  for (const EarliestTimes& own : times) {
    raise(&length, own.artifact);
  }
  IdMap<UnitId, PhaseSlack> result(graph.size());
  for (UnitId unit{0}; unit.value < graph.size(); ++unit.value) {
    const EarliestTimes& own = times[unit];
    const Remaining& rest = remaining[unit];
    result[unit] = PhaseSlack{
        length - own.start - rest.frontend, length - own.metadata - rest.codegen, length - own.link_start - rest.link};
  }
  return result;
}

}  // namespace pcargo::graph
