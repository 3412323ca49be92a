// SPDX-License-Identifier: MIT OR Apache-2.0
// why: tells from the notes of the last build why it ran a crate. Looks at no source and runs nothing but cargo, which
// says where the build directory is.
#pragma once

#include "cli/hand_over.h"

#include <optional>
#include <string>
#include <vector>

namespace pcargo::cli {

int run_why_command(const Session& session,
                    const std::optional<std::string>& toolchain,
                    const std::vector<std::string>& arguments);

}  // namespace pcargo::cli
