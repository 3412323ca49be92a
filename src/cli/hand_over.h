// SPDX-License-Identifier: MIT OR Apache-2.0
// Giving a whole command to plain cargo: what pcargo does not do itself, cargo does, untouched.
#pragma once

#include "prepare/toolchain.h"
#include "report/shell.h"

#include <optional>
#include <string>
#include <vector>

namespace pcargo::cli {

/// What every command starts from.
struct Session {
  std::vector<std::string> words;  ///< of the command line, without the program's name
  Environment environment;
  std::string current_directory;
  std::string own_executable;
};

/// Becomes cargo with the session's words. Returns only when that is not possible: the exit code then. `reason` is told
/// on `shell` where one is given. With PCARGO_NO_HANDOVER set nothing is handed over: that is an error, for tests.
int hand_over_to_cargo(const Session& session,
                       const std::string& reason,
                       report::Shell* shell,
                       const std::optional<prepare::CargoProgram>& cargo = {});

}  // namespace pcargo::cli
