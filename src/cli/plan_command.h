// SPDX-License-Identifier: MIT OR Apache-2.0
// plan: prints what `build` with the same words would run, and runs nothing but what planning needs.
#pragma once

#include "cli/hand_over.h"

#include <optional>
#include <string>
#include <vector>

namespace pcargo::cli {

int run_plan_command(const Session& session,
                     const std::optional<std::string>& toolchain,
                     const std::vector<std::string>& arguments);

}  // namespace pcargo::cli
