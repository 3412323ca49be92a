// SPDX-License-Identifier: MIT OR Apache-2.0
// The answers of `pcargo why`: what the last build did with a crate, or with all, and for which reasons. Text only.
#pragma once

#include "base/result.h"
#include "freshness/last_build.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::report {

/// Units that the user may mean: `name`, `name@version`, either followed by ` (bin)`, ` (lib)`, ` (build script)`. The
/// name is a package's or a target's; hyphens and underscores are the same. An error names what is written like it.
Result<std::vector<std::size_t>> find_units(const freshness::LastBuild& build, std::string_view wanted);

/// "`pcargo build` of 2026-11-21 10:40:12 failed: 2 units ran, 5 were fresh". `when` is that time as text.
std::string headline(const freshness::LastBuild& build, std::string_view when);

/// A line a unit.
std::string why_units(const freshness::LastBuild& build, const std::vector<std::size_t>& units);

/// All units that ran, below the root of what made them run.
std::string why_all(const freshness::LastBuild& build);

}  // namespace pcargo::report
