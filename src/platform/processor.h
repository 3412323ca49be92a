// SPDX-License-Identifier: MIT OR Apache-2.0
// What tells machines of another speed apart, and survives a container's or a virtual machine's new name.
#pragma once

#include <string>

namespace pcargo::platform {

/// The processor's model as the system words it; empty where it does not say.
std::string processor_name();

}  // namespace pcargo::platform
