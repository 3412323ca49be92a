// SPDX-License-Identifier: MIT OR Apache-2.0
// What a build begins with: the longest way to its end first; where memory will be short, the best order that a short
// search finds.
#pragma once

#include "plan/build_plan.h"
#include "record/estimate.h"

#include <cstdint>
#include <optional>

namespace pcargo::cli {

/// `memory`: the limit, in bytes; nullopt: none.
IdMap<UnitId, std::int64_t> build_order(const plan::BuildPlan& plan,
                                        const record::Estimates& estimates,
                                        std::optional<std::int64_t> memory);

}  // namespace pcargo::cli
