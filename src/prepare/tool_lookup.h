// SPDX-License-Identifier: MIT OR Apache-2.0
// Programs on this machine: where a bare name leads, what stands behind a rustup proxy (cargo 1.95:
// util/context/mod.rs, get_tool; crates/cargo-util, paths.rs). Looks at the disk; starts nothing.
#pragma once

#include "base/environment.h"

#include <optional>
#include <string>
#include <vector>

namespace pcargo::prepare {

/// A name without a slash is looked up in PATH: the first plain file wins, executable or not, as cargo does. Other
/// paths are given back as they are. nullopt: nowhere.
std::optional<std::string> resolve_executable(const std::string& program, const Environment& environment);

/// Every place that decides what a word starts: on PATH, and behind rustup's proxies. All absolute.
std::vector<std::string> places_of_program(const std::string& word,
                                           const Environment& environment,
                                           const std::string& current_directory);

/// Symbolic links resolved; the path itself if that cannot be done.
std::string real_path(const std::string& path);

/// Are both the same file?
bool is_same_file(const std::string& a, const std::string& b);

/// Is this a proxy of rustup: a link to a file called rustup, or as large as the `rustup` beside it?
bool is_rustup_proxy(const std::string& path);

/// $CARGO_HOME or ~/.cargo, $RUSTUP_HOME or ~/.rustup; relative values count from `current_directory`. Empty without a
/// home.
std::string cargo_home(const Environment& environment, const std::string& current_directory);
std::string rustup_home(const Environment& environment, const std::string& current_directory);

/// The program of a tool that rustup may stand for ("rustc", "rustdoc"): its variable (RUSTC), the value from config,
/// the file in the toolchain when PATH leads to a proxy, or the bare name.
std::string find_tool(const std::string& tool,
                      const std::optional<std::string>& from_config,
                      const Environment& environment,
                      const std::string& current_directory);

/// A tool that has no proxy (rustc wrappers): its variable, else the value from config.
std::optional<std::string> find_optional_tool(const std::string& tool,
                                              const std::optional<std::string>& from_config,
                                              const Environment& environment,
                                              const std::string& current_directory);

}  // namespace pcargo::prepare
