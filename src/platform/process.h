// SPDX-License-Identifier: MIT OR Apache-2.0
// This process itself: how it starts, what it is, and how it leaves.
#pragma once

#include "base/environment.h"
#include "base/result.h"

#include <optional>
#include <string>
#include <vector>

namespace pcargo::platform {

/// First thing in main: descriptors 0 to 2 are open, SIGPIPE is ignored (writing to a closed stdout is an error, not a
/// death), dead children wait for us, and the descriptor limit is raised. Children start as if none of this had
/// happened.
void set_up_process();

Environment current_environment();
Result<std::string> current_directory();
Result<std::string> current_executable();

/// What tells a process from others that had or will have its number: "PID START". Empty if there is none.
std::string process_identity(int pid);
/// Is the process of that identity still there, and not only its remains?
bool is_running(const std::string& identity);

/// Becomes another program, with the signals and limits that we were started with. `directory` empty: stays here.
/// argv[0] is looked up in `environment`'s PATH when it has no slash. Gives an error or does not return.
Error replace_process(const std::vector<std::string>& argv,
                      const Environment& environment,
                      const std::string& directory = {});

/// Ends as if the signal had never been caught, so that who started us sees it.
[[noreturn]] void die_of_signal(int signal_number);

}  // namespace pcargo::platform
