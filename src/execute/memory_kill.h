// SPDX-License-Identifier: MIT OR Apache-2.0
// Whether a compiler, or the linker that it started, ended because memory was short. Nobody says so for certain: the
// kernel sends a signal that others can send too, and what finds no memory has words of its own for it.
#pragma once

#include "platform/child_process.h"

#include <string>
#include <string_view>

namespace pcargo::execute {

/// Says this line of a compiler's stderr that it or its linker got no memory, or that its linker was killed?
bool tells_of_no_memory(std::string_view line);

/// `told`: some line did. Only of a process that we sent no signal.
bool may_be_killed_for_memory(const platform::ExitStatus& status, bool told);

/// "was killed by the system, which had no memory left". `is_counted`: the kernel has killed somebody for memory
/// meanwhile.
std::string describe_memory_kill(const platform::ExitStatus& status, bool is_counted);

}  // namespace pcargo::execute
