// SPDX-License-Identifier: MIT OR Apache-2.0
// Stub paths among a linker's arguments become the real ones. Text in, text out.
#pragma once

#include "gate/protocol.h"

#include <string>
#include <string_view>
#include <vector>

namespace pcargo::gate {

/// In an argument: a path of its own, after `-L` or an `=`, between the commas of `-Wl,...`. A directory is only
/// replaced where a path begins and one of its components ends.
std::string rewrite_argument(std::string_view argument, const std::vector<Replacement>& directories);

/// In the text of a response file as rustc writes it for gcc: an argument a line, a backslash before each space and
/// backslash of it. What is not replaced stays as it is.
std::string rewrite_response(std::string_view text, const std::vector<Replacement>& directories);

}  // namespace pcargo::gate
