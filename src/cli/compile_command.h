// SPDX-License-Identifier: MIT OR Apache-2.0
// build, check, run and rustc: from the command line through all rooms to the exit code.
#pragma once

#include "cli/hand_over.h"
#include "cli/standing_answer.h"
#include "prepare/prepare.h"

#include <string>
#include <vector>

namespace pcargo::cli {

/// `arguments`: global options first, then the command's own. Returns the exit code; a `run` that worked does not
/// return.
int run_compile_command(const Session& session,
                        const std::optional<std::string>& toolchain,
                        const std::string& command,
                        const std::vector<std::string>& arguments,
                        StandingAnswer* standing);

/// What preparing is asked with, but for the width of the terminal.
prepare::PrepareRequest prepare_request(const Session& session, const prepare::CommandLine& line);

}  // namespace pcargo::cli
