// SPDX-License-Identifier: MIT OR Apache-2.0
// How cargo writes a command for a person (cargo 1.95: crates/cargo-util, process_builder.rs; the shell-escape crate).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo {

/// One word for a POSIX shell: quoted unless all its characters are harmless.
std::string shell_escape(std::string_view word);

/// In back quotes: variables (escaped values) if any, the program as it is, arguments escaped.
std::string display_command(const std::map<std::string, std::string>& variables, const std::vector<std::string>& argv);

}  // namespace pcargo
