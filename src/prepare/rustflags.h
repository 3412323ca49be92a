// SPDX-License-Identifier: MIT OR Apache-2.0
// Which flags the user wants for a compiler: from variables, `[target]` or `[build]`, the first that says anything
// (cargo 1.95: core/compiler/build_context/target_info.rs, extra_args). Pure.
#pragma once

#include "base/result.h"
#include "cargo/cfg_expression.h"
#include "cargo/config.h"
#include "prepare/probe_run.h"

#include <optional>
#include <string>
#include <vector>

namespace pcargo::prepare {

enum class FlagKind { kRustflags, kRustdocflags };

struct FlagQuestion {
  std::string triple;             ///< short name of the target; the host's triple for the host
  bool is_host = false;           ///< the platform of units without --target, and of build scripts and proc macros
  bool target_requested = false;  ///< then the host gets no flags at all
  const cargo::CfgSet* cfg =
      nullptr;  ///< what rustc says holds; nullptr: not known yet, tables of `cfg(...)` are left out
};

Result<std::vector<std::string>> flags_for(const cargo::Config& config, FlagKind kind, const FlagQuestion& question);

/// The same for the probes. `config` must outlive it.
RustflagsFor rustflags_for_probes(const cargo::Config& config, bool target_requested);

}  // namespace pcargo::prepare
