// SPDX-License-Identifier: MIT OR Apache-2.0
// Inside this room: starting a program with posix_spawn. Does not wait for it and knows no loop.
#pragma once

#include "base/result.h"
#include "platform/child_process.h"

#include <sys/types.h>

#include <string>
#include <vector>

namespace pcargo::platform {

/// What the child gets as its standard streams: descriptors of ours, or -1 to share our own stream.
struct ChildStreams {
  int input = -1;
  int output = -1;
  int error = -1;
};

/// The pid, or why not. A program that is being written by somebody (ETXTBSY) is tried again for about a second.
Result<pid_t> spawn_program(const SpawnOptions& options, const ChildStreams& streams);

/// Where execvp would look for `program`, in its order: itself when it holds a slash.
std::vector<std::string> program_candidates(const std::string& program, const std::string& search_path);

/// The environment or argv as exec wants it; valid while `strings` is.
std::vector<char*> exec_block(const std::vector<std::string>& strings);

/// What execvp runs instead where exec says ENOEXEC (a script without "#!"): the shell with the script and its
/// arguments.
std::vector<char*> shell_block(const std::string& script, const std::vector<char*>& argv);

/// "could not execute process `rustc -vV` (never executed)", as cargo says it.
std::string could_not_execute(const std::vector<std::string>& argv);
/// With the system's reason as its cause.
Error could_not_execute(const std::vector<std::string>& argv, int error_number);

}  // namespace pcargo::platform
