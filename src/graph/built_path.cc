// SPDX-License-Identifier: MIT OR Apache-2.0
#include "graph/built_path.h"

#include <algorithm>
#include <tuple>

namespace pcargo::graph {

namespace {

using Waited = PathStep::Waited;

class Walk {
 public:
  Walk(const ActionGraph& graph, const IdMap<UnitId, std::optional<Span>>& spans, std::int64_t begin)
      : graph_(graph), spans_(spans), begin_(begin), was_here_(graph.size(), 0) {
    for (UnitId unit{0}; unit.value < spans.size(); ++unit.value) {
      if (const auto& span = spans[unit]) {
        // A slot comes free at the end, and at the gate.
        releases_.push_back({span->finish, unit});
        if (span->objects < span->link) {
          releases_.push_back({span->objects, unit});
        }
      }
    }
    std::sort(releases_.begin(), releases_.end());
  }

  std::vector<PathStep> steps() && {
    const auto last =
        std::max_element(releases_.begin(), releases_.end(), [this](const Release& one, const Release& other) {
          return std::tuple(one.at, spans_[one.unit]->start, one.unit) <
                 std::tuple(other.at, spans_[other.unit]->start, other.unit);
        });
    if (last == releases_.end()) {
      return {};
    }
    walk_back(last->unit, last->at);
    std::reverse(steps_.begin(), steps_.end());
    return std::move(steps_);
  }

 private:
  struct Release {
    std::int64_t at = 0;
    UnitId unit;

    auto operator<=>(const Release&) const = default;
  };
  /// What let a phase begin.
  struct Event {
    std::int64_t at = 0;
    Waited waited = Waited::kForNothing;
    UnitId by = {};
  };

  void walk_back(UnitId unit, std::int64_t end) {
    while (true) {
      const Phase phase = phase_that_ends(unit, end);
      const Event event = was_here_[unit] >> static_cast<int>(phase) & 1 ? Event{begin_} : cause_of(unit, phase);
      was_here_[unit] |= static_cast<char>(1 << static_cast<int>(phase));
      steps_.push_back({unit, phase, std::min(event.at, end), end, event.waited, event.by});
      if (event.waited == Waited::kForNothing) {
        return;
      }
      unit = event.by;
      end = steps_.back().begin;
    }
  }

  /// The last one that took time before then.
  Phase phase_that_ends(UnitId unit, std::int64_t end) const {
    const Span& span = *spans_[unit];
    if (end > span.link && span.finish > span.link) {
      return Phase::kLink;
    }
    return end > span.metadata && span.objects > span.metadata ? Phase::kCodegen : Phase::kFrontend;
  }

  Event cause_of(UnitId unit, Phase phase) const {
    const Span& span = *spans_[unit];
    if (phase == Phase::kCodegen && span.metadata > span.start) {
      return {span.metadata, Waited::kForItself, unit};
    }
    if (phase == Phase::kLink && span.objects == span.link) {
      return {span.objects, Waited::kForItself, unit};
    }
    const bool is_gate = phase == Phase::kLink;
    const std::int64_t begin = is_gate ? span.link : span.start;
    Event latest = is_gate ? Event{span.objects, Waited::kForItself, unit} : Event{begin_};
    add_dependencies(unit, begin, is_gate, &latest);
    // Who could begin and did not waited for the slot that came free last.
    const auto after = std::upper_bound(releases_.begin(), releases_.end(), Release{begin, UnitId{UINT32_MAX}});
    for (auto release = after; release != releases_.begin();) {
      --release;
      if (release->at <= latest.at) {
        break;
      }
      if (release->unit != unit) {
        const bool is_memory = span.was_held && !is_gate;
        return {release->at, is_memory ? Waited::kForMemory : Waited::kForSlot, release->unit};
      }
    }
    return latest;
  }

  /// The last that it waited for, not after `begin`. A link waits for all artifacts below, however far down.
  void add_dependencies(UnitId unit, std::int64_t begin, bool is_link, Event* latest) const {
    IdMap<UnitId, char> seen(graph_.size(), 0);
    std::vector<UnitId> closures;
    const auto take = [&](const Edge& edge, bool wants_closure) {
      const auto& span = spans_[edge.unit];
      const bool is_metadata = !wants_closure && edge.waits == Milestone::kMetadata;
      if (span) {
        const std::int64_t at = is_metadata ? span->metadata : span->finish;
        if (at <= begin && at > latest->at) {
          *latest = {at, is_metadata ? Waited::kForMetadata : Waited::kForArtifact, edge.unit};
        }
      }
      if ((wants_closure || edge.waits == Milestone::kClosure) && seen[edge.unit] == 0) {
        seen[edge.unit] = 1;
        closures.push_back(edge.unit);
      }
    };
    for (const Edge& edge : graph_.dependencies(unit)) {
      take(edge, is_link);
    }
    while (!closures.empty()) {
      const UnitId below = closures.back();
      closures.pop_back();
      for (const Edge& edge : graph_.dependencies(below)) {
        take(edge, true);
      }
    }
  }

  const ActionGraph& graph_;
  const IdMap<UnitId, std::optional<Span>>& spans_;
  const std::int64_t begin_;
  IdMap<UnitId, char> was_here_;  ///< bits of phases: units that took no time could go round
  std::vector<Release> releases_;
  std::vector<PathStep> steps_;
};

}  // namespace

std::vector<PathStep> built_path(const ActionGraph& graph,
                                 const IdMap<UnitId, std::optional<Span>>& spans,
                                 std::int64_t begin) {
  return Walk(graph, spans, begin).steps();
}

}  // namespace pcargo::graph
