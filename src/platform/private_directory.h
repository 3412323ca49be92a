// SPDX-License-Identifier: MIT OR Apache-2.0
// A directory whose files nobody else can have written: what is read from it is believed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace pcargo::platform {

/// Is `path` a directory itself (no link), ours, and closed to everybody else?
bool is_private_directory(const std::string& path);

/// Makes it, with all directories above it, unless it is there. False: it cannot be made, or is not private.
bool make_private_directory(const std::string& path);

/// Of the files there, the oldest go: `kept` stays, and with it at most `most_files` and `most_bytes`.
void keep_the_newest(const std::string& directory,
                     const std::string& kept,
                     std::size_t most_files,
                     std::uint64_t most_bytes);

}  // namespace pcargo::platform
