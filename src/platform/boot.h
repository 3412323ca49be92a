// SPDX-License-Identifier: MIT OR Apache-2.0
// Since when this machine runs: after a power cut, files may be older than what was remembered of them.
#pragma once

#include <string>

namespace pcargo::platform {

/// Another one after each start of the machine; empty where the system does not say.
std::string boot_id();

}  // namespace pcargo::platform
