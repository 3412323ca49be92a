// SPDX-License-Identifier: MIT OR Apache-2.0
// Why a unit has no record: a unit with other features, profile or flags goes by another hash, so its record is another
// file. The notes of the last build tell which file it was then, and the two can be compared.
#pragma once

#include "freshness/cause.h"
#include "freshness/last_build.h"
#include "freshness/record.h"
#include "plan/build_plan.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace pcargo::freshness {

/// Fills in where the record of each unit lies; `build` has a note for each, in order.
void note_records(const plan::BuildPlan& plan, LastBuild* build);

class Former {
 public:
  explicit Former(const plan::BuildPlan& plan) : plan_(plan) {}

  /// Of a unit without a record: how its last run ended; or what of its settings is not as in the last build; or which
  /// unit below it has none either; or that it was never built. `record`: where its record would lie.
  Cause explain(UnitId unit, const std::string& record, const std::vector<GivenField>& given);

 private:
  void read_notes();

  const plan::BuildPlan& plan_;
  bool has_read_ = false;
  std::map<UnitId, LastBuild::Unit> notes_;  ///< of the same unit in the last build
  std::set<UnitId> without_record_;          ///< units that were asked for
};

}  // namespace pcargo::freshness
