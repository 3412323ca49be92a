// SPDX-License-Identifier: MIT OR Apache-2.0
// clean: removes what pcargo keeps in the build directory, then lets cargo remove its own.
#pragma once

#include "cli/hand_over.h"

#include <string>
#include <vector>

namespace pcargo::cli {

int run_clean_command(const Session& session, const std::vector<std::string>& arguments);

}  // namespace pcargo::cli
