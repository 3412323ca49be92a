// SPDX-License-Identifier: MIT OR Apache-2.0
// Reads what JournalWriter wrote. A journal may end anywhere and hold anything: what is whole up to the first mistake
// counts.
#pragma once

#include "base/result.h"
#include "record/timeline.h"

#include <string_view>

namespace pcargo::record {

/// Fails when not even the units are there, or in another format.
Result<Timeline> read_journal(std::string_view text);

}  // namespace pcargo::record
