// SPDX-License-Identifier: MIT OR Apache-2.0
// timings: what a build waited for and what would make it shorter, from the journal that it left. Runs nothing but
// cargo, which says where the build directory is.
#pragma once

#include "cli/hand_over.h"

#include <optional>
#include <string>
#include <vector>

namespace pcargo::cli {

int run_timings_command(const Session& session,
                        const std::optional<std::string>& toolchain,
                        const std::vector<std::string>& arguments);

}  // namespace pcargo::cli
