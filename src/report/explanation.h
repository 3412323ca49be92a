// SPDX-License-Identifier: MIT OR Apache-2.0
// Why a unit ran, from its own cause down to the root: a unit that ran because another made something else leads to
// that one's cause, until there is one that no unit of the build has brought about.
#pragma once

#include "base/ids.h"
#include "freshness/cause.h"

#include <functional>
#include <string>
#include <vector>

namespace pcargo::report {

/// The cause of a unit that ran; null for others.
using CauseOf = std::function<const freshness::Cause*(UnitId)>;

/// First the unit's own cause, last the root. Empty when the unit did not run.
std::vector<const freshness::Cause*> chain_of(UnitId unit, const CauseOf& cause_of);

/// "the metadata of `middle` changed <- `util` <- the content of the file `util/src/lib.rs` changed". What lies between
/// is only named, and of a long chain its two ends.
std::string describe_chain(const std::vector<const freshness::Cause*>& chain, const std::string& workspace_root);

}  // namespace pcargo::report
