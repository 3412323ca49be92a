// SPDX-License-Identifier: MIT OR Apache-2.0
// What rustc is asked before a build, and what its answers mean (cargo 1.95: util/rustc.rs and
// core/compiler/build_context/target_info.rs). Pure: knows neither processes nor config.
#pragma once

#include "base/result.h"
#include "plan/settings.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pcargo::prepare {

/// A compiler with what is put in front of it. A wrapper that is set but empty counts as none.
struct RustcCommand {
  std::string rustc;
  std::optional<std::string> wrapper;
  std::optional<std::string> workspace_wrapper;

  /// `[wrapper] [workspace wrapper] rustc`, as both probes run it.
  std::vector<std::string> program() const;
};

/// The answer to `rustc -vV`.
struct VerboseVersion {
  std::string text;  ///< whole
  std::string host;
  std::string release;
};

Result<VerboseVersion> parse_verbose_version(std::string text);

/// Is `release` one that allows `-Z` (cargo: util/rustc.rs has the version, nightly names the channel).
bool is_nightly_release(std::string_view release);

/// Arguments of the one question about a target. `target` is the word for `--target`, absent for the host.
/// `rustc` is asked only what it knows.
std::vector<std::string> target_probe_arguments(const std::string& release,
                                                const std::vector<std::string>& rustflags,
                                                const std::optional<std::string>& target);

struct TargetProbe {
  std::string sysroot;
  plan::TargetInfo info;
  /// As asked first, before these chose the rustflags: old cargos go by them.
  std::vector<std::pair<std::string, std::optional<std::string>>> first_cfg = {};
};

/// Reads the answer. `command` is shown in errors; `triple` is the short name of the target (the host's for the host).
Result<TargetProbe> parse_target_probe(const std::string& release,
                                       const std::vector<std::string>& command,
                                       const std::string& triple,
                                       std::string_view out,
                                       std::string_view err);

/// A `--target` word that is a path to a JSON specification has its file stem as short name.
std::string target_short_name(const std::string& target);

}  // namespace pcargo::prepare
