// SPDX-License-Identifier: MIT OR Apache-2.0
// Reads `cargo --unit-graph` JSON. The text is input from outside: everything in it is checked, and an error names the
// place, as in `units[12].dependencies[0].index: 40 is out of range (7 units)`.
#pragma once

#include "base/result.h"
#include "cargo/unit_graph.h"

#include <string_view>

namespace pcargo::cargo {

/// One pass, no document tree. Refuses: other versions than 1, missing or mistyped fields, dangling or negative
/// indices, cycles (naming the units on one), nesting deeper than the format has, trailing text. Unknown fields are
/// skipped.
Result<UnitGraph> read_unit_graph(std::string_view json);

}  // namespace pcargo::cargo
