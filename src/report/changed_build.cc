// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/changed_build.h"

#include "record/simulation.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace pcargo::report {

using graph::Edge;
using graph::Phases;

namespace {

void multiply(double factor, std::int64_t* time) {
  *time = std::llround(factor * static_cast<double>(*time));
}

}  // namespace

ChangedBuild::ChangedBuild(const record::Timeline& timeline, record::Counted counted)
    : names_(timeline.names),
      estimates_(record::estimates_of(timeline, counted)),
      saw_one_core_(timeline.head.busy_cores() == 1) {
  for (UnitId unit{0}; unit.value < timeline.graph.size(); ++unit.value) {
    const auto edges = timeline.graph.dependencies(unit);
    nodes_.push_back({timeline.graph.phases(unit), {edges.begin(), edges.end()}});
  }
}

std::int64_t ChangedBuild::work_of(const std::vector<UnitId>& units) const {
  std::int64_t work = 0;
  for (const UnitId unit : units) {
    work += estimates_[unit].one_thread.total();
  }
  return work;
}

void ChangedBuild::scale(const std::vector<UnitId>& units, double factor) {
  for (const UnitId unit : units) {
    auto& phases = estimates_[unit].one_thread;
    for (std::int64_t* phase : {&phases.frontend, &phases.codegen, &phases.link}) {
      multiply(factor, phase);
    }
  }
}

std::vector<char> ChangedBuild::needed_without(const std::vector<UnitId>& dropped) const {
  std::vector<char> is_gone(nodes_.size(), 0);
  std::vector<char> has_dependents(nodes_.size(), 0);
  for (const UnitId unit : dropped) {
    is_gone[unit.value] = 1;
  }
  for (const Node& node : nodes_) {
    for (const Edge& edge : node.dependencies) {
      has_dependents[edge.unit.value] = 1;
    }
  }
  std::vector<char> is_needed(nodes_.size(), 0);
  std::vector<UnitId> to_visit;
  const auto need = [&](UnitId unit) {
    if (is_gone[unit.value] == 0 && std::exchange(is_needed[unit.value], char{1}) == 0) {
      to_visit.push_back(unit);
    }
  };
  for (UnitId unit{0}; unit.value < nodes_.size(); ++unit.value) {
    if (has_dependents[unit.value] == 0 || names_[unit].is_member) {
      need(unit);
    }
  }
  while (!to_visit.empty()) {
    const UnitId unit = to_visit.back();
    to_visit.pop_back();
    for (const Edge& edge : nodes_[unit].dependencies) {
      need(edge.unit);
    }
  }
  return is_needed;
}

void ChangedBuild::drop(const std::vector<UnitId>& units) {
  const auto is_needed = needed_without(units);
  std::vector<UnitId> new_id(nodes_.size());
  IdMap<UnitId, Node> nodes;
  IdMap<UnitId, record::UnitName> names;
  record::Estimates estimates;
  for (UnitId unit{0}; unit.value < nodes_.size(); ++unit.value) {
    if (is_needed[unit.value] != 0) {
      new_id[unit.value] = nodes.push_back(std::move(nodes_[unit]));
      names.push_back(std::move(names_[unit]));
      estimates.push_back(estimates_[unit]);
    }
  }
  for (Node& node : nodes) {
    std::erase_if(node.dependencies, [&](const Edge& edge) { return is_needed[edge.unit.value] == 0; });
    for (Edge& edge : node.dependencies) {
      edge.unit = new_id[edge.unit.value];
    }
  }
  nodes_ = std::move(nodes);
  names_ = std::move(names);
  estimates_ = std::move(estimates);
}

Edge ChangedBuild::early(const Edge& edge) const {
  const bool has_metadata = nodes_[edge.unit].phases == Phases::kPipelined;
  return {edge.unit,
          edge.waits != Milestone::kClosure ? edge.waits
          : has_metadata                    ? Milestone::kMetadata
                                            : Milestone::kArtifact};
}

UnitId ChangedBuild::add_part(UnitId whole, int parts) {
  Node node = nodes_[whole];
  if (node.phases == Phases::kLinking) {
    node.phases = Phases::kPipelined;
    for (Edge& edge : node.dependencies) {
      edge = early(edge);
    }
  }
  record::Estimate estimate = estimates_[whole];
  multiply(1.0 / parts, &estimate.one_thread.frontend);
  multiply(1.0 / parts, &estimate.one_thread.codegen);
  estimate.one_thread.link = 0;
  estimate.peak_bytes /= parts;
  nodes_.push_back(std::move(node));
  names_.push_back(names_[whole]);
  return estimates_.push_back(estimate);
}

void ChangedBuild::split(const std::vector<UnitId>& units, int parts) {
  for (const UnitId whole : units) {
    const bool links = nodes_[whole].phases == Phases::kLinking;
    std::vector<UnitId> others;
    for (int part = links ? 0 : 1; part < parts; ++part) {
      others.push_back(add_part(whole, parts));
    }
    if (links) {
      auto& dependencies = nodes_[whole].dependencies;
      const bool is_late = std::any_of(dependencies.begin(), dependencies.end(), [](const Edge& edge) {
        return edge.waits == Milestone::kMetadata;
      });
      for (const UnitId part : others) {
        dependencies.push_back({part, is_late ? Milestone::kMetadata : Milestone::kClosure});
      }
      estimates_[whole].one_thread = {0, 0, estimates_[whole].one_thread.link};
      continue;
    }
    for (Node& node : nodes_) {
      for (std::size_t i = 0, size = node.dependencies.size(); i < size; ++i) {
        const Edge edge = node.dependencies[i];
        for (const UnitId part : edge.unit == whole ? others : std::vector<UnitId>()) {
          node.dependencies.push_back({part, edge.waits});
        }
      }
    }
    auto& last = estimates_[whole];
    multiply(1.0 / parts, &last.one_thread.frontend);
    multiply(1.0 / parts, &last.one_thread.codegen);
    last.peak_bytes /= parts;
  }
}

void ChangedBuild::hold_links() {
  for (Node& node : nodes_) {
    if (node.phases == Phases::kLinking) {
      for (Edge& edge : node.dependencies) {
        edge.waits = Milestone::kClosure;
      }
    }
  }
}

void ChangedBuild::link_early() {
  for (UnitId unit{0}; unit.value < nodes_.size(); ++unit.value) {
    const auto& name = names_[unit];
    const bool may_be = !name.is_member && (name.kind == "custom-build" || name.kind == "proc-macro");
    if (nodes_[unit].phases == Phases::kLinking && may_be) {
      for (Edge& edge : nodes_[unit].dependencies) {
        edge = early(edge);
      }
    }
  }
}

std::vector<ChangedBuild::Makespan> ChangedBuild::makespans(const std::vector<int>& cores) const {
  const auto graph = graph::ActionGraph::build(nodes_);
  PCARGO_CHECK(graph.has_value());  // no change makes a cycle
  std::vector<Makespan> makespans;
  for (const int count : cores) {
    auto input = record::simulation_of(*graph, estimates_, count);
    if (memory_ != std::numeric_limits<std::int64_t>::max()) {
      input.memory = memory_;
      input.peaks = record::peaks(estimates_);
    }
    const auto likely = schedule::simulate(*graph, input).makespan;
    makespans.push_back({likely, likely});
    if (saw_one_core_ && count > 1) {
      for (UnitId unit{0}; unit.value < names_.size(); ++unit.value) {
        if (names_[unit].mode == "run-custom-build") {
          input.codegen_threads[unit] = record::kScriptProcesses;
        }
      }
      makespans.back().if_scripts_share = schedule::simulate(*graph, input).makespan;
    }
  }
  return makespans;
}

}  // namespace pcargo::report
