// SPDX-License-Identifier: MIT OR Apache-2.0
// A rustc command that is too long for the system: its arguments go through a file, one a line.
#pragma once

#include "base/result.h"
#include "plan/build_plan.h"

#include <optional>
#include <string>

namespace pcargo::execute {

/// The same command with `@file` behind its program; programs in front of rustc stay where they are. nullopt: an
/// argument that cannot be written so. Writes the file; who removes it is the caller's business.
Result<std::optional<plan::Invocation>> with_argument_file(const plan::Invocation& invocation,
                                                           const std::string& rustc,
                                                           const std::string& file);

}  // namespace pcargo::execute
