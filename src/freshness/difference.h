// SPDX-License-Identifier: MIT OR Apache-2.0
// The first difference between what a unit was given then and what it is given now, in the user's terms: a flag with
// its value, not the word in the middle of a command where two commands part.
#pragma once

#include "freshness/cause.h"
#include "freshness/record.h"

#include <optional>
#include <vector>

namespace pcargo::freshness {

/// nullopt: there is none. Of a dependency it says only which; freshness/blame.h knows more.
std::optional<Cause> first_difference(const std::vector<GivenField>& before, const std::vector<GivenField>& after);

}  // namespace pcargo::freshness
