// SPDX-License-Identifier: MIT OR Apache-2.0
// A build as it might have been: what a journal tells of its units, changed. Pure; knows nothing of words.
//
// What each change stands for:
//
// - drop: the units are gone, and so is what only they needed. Members of the workspace stay: they may have been asked
//   for themselves.
// - split: in place of each unit come parts that are alike and can be compiled beside each other. Each has its share of
//   frontend, codegen and memory and waits for what the whole waited for, as a library does; who waited for the whole
//   waits for all of them. The last part is the unit itself, where it does not link. Of one that links all parts are
//   libraries, and its link, as long as it was, comes after them. Left out is what parts cost and the whole does not:
//   reading the same metadata more than once, generic code that is made in each.
// - links held: a unit that links starts when all below it is whole, as with `--late-link=never`.
// - links early: build scripts and macros that no member of the workspace has start on metadata, as with
//   `--late-link=auto`. Of other units that were held the journal does not say whether they need not be: they stay as
//   they are.
// - memory: what is under way together stays below it, going by the peaks that were measured. Without it nothing ever
//   waits for memory.
#pragma once

#include "graph/action_graph.h"
#include "record/timeline_estimates.h"

#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

namespace pcargo::report {

class ChangedBuild {
 public:
  explicit ChangedBuild(const record::Timeline& timeline, record::Counted counted = record::Counted::kWork);

  const IdMap<UnitId, record::UnitName>& names() const { return names_; }
  /// Of one core, in nanoseconds.
  std::int64_t work_of(const std::vector<UnitId>& units) const;

  void scale(const std::vector<UnitId>& units, double factor);
  void drop(const std::vector<UnitId>& units);  ///< ids are others afterwards
  void split(const std::vector<UnitId>& units, int parts);
  void hold_links();
  void link_early();
  void limit_memory(std::int64_t bytes) { memory_ = bytes; }

  /// From the first unit's start to the last one's end, in nanoseconds.
  struct Makespan {
    std::int64_t likely = 0;
    /// On one core nobody sees whether a build script would use more of them, as many do that compile: if all did.
    std::int64_t if_scripts_share = 0;
  };
  std::vector<Makespan> makespans(const std::vector<int>& cores) const;

 private:
  using Node = graph::ActionGraph::Node;

  /// What a library waits for where one that is held waits for everything.
  graph::Edge early(const graph::Edge& edge) const;
  UnitId add_part(UnitId whole, int parts);
  std::vector<char> needed_without(const std::vector<UnitId>& dropped) const;

  IdMap<UnitId, Node> nodes_;
  IdMap<UnitId, record::UnitName> names_;
  record::Estimates estimates_;
  bool saw_one_core_ = false;
  std::int64_t memory_ = std::numeric_limits<std::int64_t>::max();
};

}  // namespace pcargo::report
