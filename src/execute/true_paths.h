// SPDX-License-Identifier: MIT OR Apache-2.0
// What a late-linked rustc says names the gate and stubs. Who reads it knows the linker and the real files only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pcargo::execute {

/// The gate and the linker's name, or a directory of stubs and the real one. No slash at the end.
struct TruePath {
  std::string told;
  std::string meant;
};

/// A line of rustc's stderr, JSON or not, with what is meant in place of what is told: in plain text, in Rust's quotes
/// (rustc prints the linker's command so), and both inside of JSON's quotes. Without any of these names the line comes
/// back as it was.
std::string with_true_paths(std::string_view line, const std::vector<TruePath>& paths);

}  // namespace pcargo::execute
