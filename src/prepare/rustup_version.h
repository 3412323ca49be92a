// SPDX-License-Identifier: MIT OR Apache-2.0
// How old a rustup is, told from its file: starting it for its version would cost more than everything else we ask.
#pragma once

#include <string>

namespace pcargo::prepare {

/// Does this rustup set RUSTUP_TOOLCHAIN_SOURCE (1.29 and newer)? Looks for the name in the program's bytes.
bool names_toolchain_source(const std::string& proxy);

}  // namespace pcargo::prepare
