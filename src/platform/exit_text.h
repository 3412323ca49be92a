// SPDX-License-Identifier: MIT OR Apache-2.0
// How a process ended, in cargo's words (cargo 1.95: crates/cargo-util, process_error.rs).
#pragma once

#include "platform/child_process.h"

#include <string>

namespace pcargo::platform {

/// "exit status: 1", "signal: 9, SIGKILL: kill".
std::string describe_status(const ExitStatus& status);

/// "process didn't exit successfully: `rustc -vV` (exit status: 1)"; `command` is quoted already.
std::string describe_failure(const std::string& command, const ExitStatus& status);

}  // namespace pcargo::platform
