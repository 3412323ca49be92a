// SPDX-License-Identifier: MIT OR Apache-2.0
// The build directory's lock, with the words for whoever waits for it.
#pragma once

#include "cli/hand_over.h"
#include "platform/file_lock.h"
#include "report/shell.h"

#include <string>

namespace pcargo::cli {

/// As the user would type it again.
std::string typed_command(const Session& session);

Result<platform::FileLock> lock_with_words(const std::string& private_root,
                                           const std::string& command,
                                           report::Shell* shell);

}  // namespace pcargo::cli
