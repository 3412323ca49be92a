// SPDX-License-Identifier: MIT OR Apache-2.0
// From a build that was to builds that might be: what its units would take elsewhere.
#pragma once

#include "graph/built_path.h"
#include "record/estimate.h"
#include "record/timeline.h"

#include <cstdint>
#include <optional>

namespace pcargo::record {

/// That a build script starts at once at most, as far as is thought, if it starts more than one.
inline constexpr unsigned kScriptProcesses = 16;

/// Of a unit: what the processor worked for it, or what passed where that is more.
enum class Counted : std::uint8_t { kWork, kPassed };

/// What each unit that ran to its end would take alone on one core, in nanoseconds; the others take nothing.
Estimates estimates_of(const Timeline& timeline, Counted counted = Counted::kWork);

/// When each unit that ran did what, in microseconds; of one that had no end yet, up to the end of the journal.
IdMap<UnitId, std::optional<graph::Span>> spans_of(const Timeline& timeline);

}  // namespace pcargo::record
