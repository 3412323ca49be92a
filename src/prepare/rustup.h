// SPDX-License-Identifier: MIT OR Apache-2.0
// Which toolchain rustup's proxy would choose, read from the files that rustup reads (rustup 1.29: src/config.rs,
// src/toolchain/names.rs). Starting the proxy costs more than all of this. Knows no process: where rustup might
// install, warn or refuse, the answer says that rustup itself must be asked.
#pragma once

#include "base/environment.h"
#include "base/file_system.h"

#include <functional>
#include <optional>
#include <string>

namespace pcargo::prepare {

struct RustupChoice {
  enum class Source { kDefault, kEnvironment, kCommandLine, kPathOverride, kToolchainFile };

  std::string name;       ///< value of RUSTUP_TOOLCHAIN: a full name, or the path of a toolchain given by path
  std::string directory;  ///< where it lies
  std::string cargo;      ///< its cargo, or the one rustup falls back to
  Source source = Source::kDefault;
};

struct RustupQuestion {
  std::string rustup_home;                                      ///< absolute
  std::string current_directory;                                ///< absolute
  std::optional<std::string> command_line_toolchain = {};       ///< of `+toolchain`, without the plus
  std::optional<std::string> environment_toolchain = {};        ///< RUSTUP_TOOLCHAIN; empty is as good as unset
  std::function<std::string(const std::string&)> canonicalize;  ///< resolves symbolic links
};

struct RustupAnswer {
  std::optional<RustupChoice> choice;                            ///< nullopt: cannot tell
  bool ask_rustup = false;                                       ///< the proxy has something to say or to do first
  RustupChoice::Source source = RustupChoice::Source::kDefault;  ///< known even without a choice
};

RustupAnswer choose_toolchain(const FileSystem& files, const RustupQuestion& question);

/// Value of RUSTUP_TOOLCHAIN_SOURCE.
std::string source_name(RustupChoice::Source source);

/// What the proxy sets for the program it starts (src/toolchain.rs, set_env; src/env_var.rs; src/cli/proxy_mode.rs).
struct ProxyEnvironment {
  const RustupChoice& choice;
  std::string rustup_home;
  std::string cargo_home;
  std::string library_path_variable = "LD_LIBRARY_PATH";
};
void apply_proxy_environment(const ProxyEnvironment& proxy, Environment* environment);

}  // namespace pcargo::prepare
