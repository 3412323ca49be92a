// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <string>

namespace pcargo::platform {

/// `path` without symbolic links and dots; as it is when it cannot be resolved.
std::string real_path(const std::string& path);

}  // namespace pcargo::platform
