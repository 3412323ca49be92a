// SPDX-License-Identifier: MIT OR Apache-2.0
// Finds the real cargo, behind rustup's proxy if need be, and the environment that it and all that it starts would
// have.
#pragma once

#include "base/environment.h"
#include "base/file_system.h"
#include "base/result.h"

#include <optional>
#include <string>

namespace pcargo::prepare {

struct ToolchainQuestion {
  const FileSystem& files;
  Environment environment;
  std::string current_directory;                   ///< absolute
  std::optional<std::string> requested_toolchain;  ///< of `+toolchain`, without the plus
  std::string own_executable;                      ///< never taken for cargo, under whatever name it is found
};

struct CargoProgram {
  std::string path;               ///< what to run
  std::string real_path;          ///< value of CARGO for children
  Environment environment;        ///< what rustup's proxy and cargo's own start make of ours
  std::string rustup_proxy = {};  ///< what was found on PATH, if that was rustup's
};

/// Takes back what only rustup 1.29 and newer set: for a proxy that is older (prepare/rustup_version.h).
void correct_for_old_rustup(const Environment& original, CargoProgram* cargo);

/// What can end a search without an error of ours: rustup has told the user what is wrong.
struct CargoSearch {
  std::optional<CargoProgram> cargo;
  int exit_code = 0;  ///< without a cargo: ours too, there is nothing more to say
  bool asked_rustup = false;
};

/// Looks for $CARGO, then for `cargo` on PATH; `+toolchain` asks rustup alone. Starts rustup only where it has
/// something to install, to warn of or to refuse. Fails when there is no cargo.
Result<CargoSearch> find_cargo(const ToolchainQuestion& question);

/// Cargo's TLS library looks for certificates before main and puts what it found into its own environment, which its
/// children inherit (openssl-probe 0.1.6, used by curl).
void apply_certificate_environment(const FileSystem& files, Environment* environment);

}  // namespace pcargo::prepare
