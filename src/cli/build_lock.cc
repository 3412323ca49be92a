// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/build_lock.h"

#include "base/command_text.h"
#include "cli/local_time.h"
#include "execute/build_directories.h"

#include <fmt/format.h>

namespace pcargo::cli {

std::string typed_command(const Session& session) {
  std::string command = "pcargo";
  for (const auto& word : session.words) {
    command += " " + shell_escape(word);
  }
  return command;
}

Result<platform::FileLock> lock_with_words(const std::string& private_root,
                                           const std::string& command,
                                           report::Shell* shell) {
  execute::LockWords words;
  words.blocked = [shell] { shell->status("Blocking", "waiting for file lock on build directory"); };
  words.still_blocked = [shell](const std::optional<platform::LockHolder>& holder) {
    if (holder) {
      shell->status("Blocking",
                    fmt::format("held by process {} on {} since {}: `{}`",
                                holder->pid,
                                holder->host.empty() ? "this machine" : holder->host,
                                local_time(holder->since),
                                holder->command));
    }
  };
  words.not_locked = [shell, &private_root] {
    shell->warn(fmt::format("the file system of `{}` has no locks: do not build there twice at a time", private_root));
  };
  return execute::lock_build_directory(private_root, command, words);
}

}  // namespace pcargo::cli
