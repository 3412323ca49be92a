// SPDX-License-Identifier: MIT OR Apache-2.0
// A directory whose files nobody else can have written: what is read from it is believed.
#pragma once

#include <string>

namespace pcargo::platform {

/// Is `path` a directory itself (no link), ours, and closed to everybody else?
bool is_private_directory(const std::string& path);

/// Makes it, with all directories above it, unless it is there. False: it cannot be made, or is not private.
bool make_private_directory(const std::string& path);

}  // namespace pcargo::platform
