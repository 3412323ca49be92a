// SPDX-License-Identifier: MIT OR Apache-2.0
// plan: prints what `build`, or the command that its first word names, would run, and runs nothing but what planning
// needs.
#pragma once

#include "cli/hand_over.h"
#include "cli/options.h"

namespace pcargo::cli {

int run_plan_command(const Session& session, const Invocation& invocation);

}  // namespace pcargo::cli
