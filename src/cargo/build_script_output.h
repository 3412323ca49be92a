// SPDX-License-Identifier: MIT OR Apache-2.0
// What a build script says on stdout (cargo 1.95: src/cargo/core/compiler/custom_build.rs, BuildOutput::parse).
#pragma once

#include "base/result.h"
#include "cargo/capabilities.h"
#include "cargo/unit_graph.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pcargo::cargo {

/// Which targets a link argument is for (cargo: LinkArgTarget).
struct LinkArgTarget {
  enum class Kind { kAll, kCdylib, kBin, kSingleBin, kTest, kBench, kExample } kind = Kind::kAll;
  std::string bin = {};  ///< of kSingleBin

  bool applies_to(const Target& target, CompileMode mode) const;
  bool operator==(const LinkArgTarget&) const = default;
};

struct BuildScriptOutput {
  std::vector<std::string> library_paths;  ///< values of -L, verbatim ("native=/x")
  std::vector<std::string> library_links;  ///< values of -l
  std::vector<std::pair<LinkArgTarget, std::string>> linker_args;
  std::vector<std::string> cfgs;
  std::vector<std::string> check_cfgs;
  std::vector<std::pair<std::string, std::string>> env;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<std::string> rerun_if_changed;
  std::vector<std::string> rerun_if_env_changed;

  enum class Severity { kWarning, kError };
  std::vector<std::pair<Severity, std::string>> log_messages;

  bool operator==(const BuildScriptOutput&) const = default;
};

/// What parsing depends on besides the text.
struct BuildScriptContext {
  std::string package_description;                          ///< "name vX.Y.Z (/path)": named in errors as cargo does
  std::optional<std::string> rust_version;                  ///< of the package: `cargo::` needs 1.77
  std::vector<std::pair<TargetKind, std::string>> targets;  ///< all of the package; rustc-link-arg-* must fit one
  bool has_cdylib = false;
  std::optional<std::string> library_name;  ///< crate name of the lib, for the RUSTC_BOOTSTRAP rule
  std::string old_out_dir;                  ///< replaced by `out_dir` in every value; empty: nothing to replace
  std::string out_dir;
  bool nightly_features_allowed = false;
  std::optional<std::string> rustc_bootstrap;  ///< cargo's own RUSTC_BOOTSTRAP variable
  Capabilities capabilities = {};
};

/// Errors carry cargo's words.
Result<BuildScriptOutput> parse_build_script_output(std::string_view stdout_text, const BuildScriptContext& context);

/// `links` override tables from config are the same thing written in TOML: see cargo/config.h.

}  // namespace pcargo::cargo
