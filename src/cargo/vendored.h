// SPDX-License-Identifier: MIT OR Apache-2.0
// `.cargo-checksum.json`: what `cargo vendor` noted of a package's files (cargo 1.95: sources/directory.rs).
#pragma once

#include "base/result.h"

#include <map>
#include <string>
#include <string_view>

namespace pcargo::cargo {

inline constexpr std::string_view kVendoredChecksums = ".cargo-checksum.json";

/// SHA-256 in hex digits, by the file's path relative to the package.
Result<std::map<std::string, std::string>> read_vendored_checksums(std::string_view json);

}  // namespace pcargo::cargo
