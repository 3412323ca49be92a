// SPDX-License-Identifier: MIT OR Apache-2.0
// Puts single JSON values of the unit graph where they belong. Private to the reader.
#pragma once

#include "cargo/unit_graph_builder.h"
#include "cargo/unit_graph_format.h"

#include <string>

namespace pcargo::cargo::unit_graph_format {

// Each gives what is wrong with the value, empty if nothing is. The kind of the value has been checked.
std::string store_unit(UnitField field, Scalar& value, UnitDraft* unit);
std::string store_target(TargetField field, Scalar& value, Target* target);
std::string store_profile(ProfileField field, Scalar& value, Profile* profile);

/// Sets `kind` from `kind_names`.
void infer_kind(Target* target);

}  // namespace pcargo::cargo::unit_graph_format
