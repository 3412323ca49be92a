// SPDX-License-Identifier: MIT OR Apache-2.0
// What one build asks of the history before it starts anything, and leaves there when it is over.
#pragma once

#include "record/estimate.h"
#include "record/history.h"

#include <map>
#include <string>

namespace pcargo::record {

class BuildHistory {
 public:
  /// Reads what `file` knows of the plan's units, and estimates them all. The plan outlives it.
  BuildHistory(const plan::BuildPlan& plan, std::string file, const std::string& machine);

  const Estimates& estimates() const { return estimates_; }

  /// Of a build that ran nothing, nothing is opened.
  void keep(const std::map<UnitId, Measurement>& measured);

  const std::string& note() const { return history_.note(); }

 private:
  History history_;
  std::vector<UnitKey> keys_;  ///< by unit
  Estimates estimates_;
};

}  // namespace pcargo::record
