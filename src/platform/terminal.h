// SPDX-License-Identifier: MIT OR Apache-2.0
// What is known about a terminal behind a descriptor.
#pragma once

#include <optional>

namespace pcargo::platform {

bool is_terminal(int descriptor);

/// Columns; nothing when it is no terminal or does not say (0 columns). cargo takes that of stderr, and lets
/// __CARGO_TEST_TTY_WIDTH_DO_NOT_USE_THIS override it: the caller's matter.
std::optional<unsigned> terminal_width(int descriptor);

}  // namespace pcargo::platform
