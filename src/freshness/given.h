// SPDX-License-Identifier: MIT OR Apache-2.0
// What a unit is given before it starts, as fields that can be compared one by one: the exact command, its variables
// and directory, and digests of what other units made for it. Left out is what cannot change the result.
#pragma once

#include "freshness/inspector.h"
#include "freshness/record.h"
#include "freshness/results.h"
#include "plan/build_plan.h"

#include <optional>
#include <vector>

namespace pcargo::freshness {

struct Given {
  std::vector<GivenField> fields;
  /// False: it is about to be started early, and what will be linked is not there yet.
  bool is_complete = true;

  /// All that matters before the link.
  std::vector<GivenField> before_link() const { return without_linked(fields); }
  static std::vector<GivenField> without_linked(std::vector<GivenField> fields);
};

/// nullopt: something that a dependency made is not known.
std::optional<Given> given_to(const plan::BuildPlan& plan,
                              UnitId unit,
                              const plan::Invocation& invocation,
                              const Results& results,
                              Inspector& inspector);

/// May differ from run to run without anything to build again: job tokens, the library path. Cargo stays fresh too.
bool is_without_effect(const std::string& variable);

/// A variable as the unit's process sees it; one without effect as pcargo itself was given it.
std::optional<std::string> variable_seen(const plan::BuildPlan& plan,
                                         const plan::Invocation& invocation,
                                         const std::string& name);

}  // namespace pcargo::freshness
