// SPDX-License-Identifier: MIT OR Apache-2.0
// Refuses the texts that the TOML parser library cannot bear: it recurses without a limit along dotted keys, and what
// its code does with characters beyond ASCII outside of strings is undefined. No such text is TOML that cargo would
// read.
#pragma once

#include "base/result.h"

#include <string_view>

namespace pcargo::cargo {

/// The error's message is `line 3, column 8: ...`, the column counted in bytes.
Result<void> check_toml_is_bearable(std::string_view text);

}  // namespace pcargo::cargo
