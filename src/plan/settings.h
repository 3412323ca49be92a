// SPDX-License-Identifier: MIT OR Apache-2.0
// Everything about a build that is neither in the unit graph nor in a package: what config, environment, command line
// and rustc's own answers come to. Filled by prepare/, read by plan/. Plain data.
#pragma once

#include "base/environment.h"
#include "base/ids.h"
#include "cargo/build_script_output.h"
#include "cargo/capabilities.h"
#include "cargo/unit_graph.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pcargo::plan {

/// The compiler as found; nothing here is a rustup proxy.
struct Toolchain {
  std::string cargo;          ///< value of CARGO for children: the real cargo
  std::string cargo_version;  ///< "1.95.0" (`cargo -V`, second word)
  std::string rustc;          ///< what is executed: a path, or a bare name as the user gave it
  std::string rustdoc;
  std::string verbose_version;  ///< `rustc -vV`, whole
  std::string host;             ///< the host triple
  std::string release;          ///< "1.95.0", "1.97.0-nightly"
  std::string sysroot;
  cargo::Capabilities capabilities = {};  ///< of this cargo
};

/// File name parts of one crate type on one target: "lib" + name + ".rlib".
struct FileNaming {
  std::string prefix;
  std::string suffix;
};

/// What `rustc --print=...` says about one target (cargo: TargetInfo).
struct TargetInfo {
  std::map<std::string, std::optional<FileNaming>> naming;  ///< by crate type; nullopt: the target does not support it
  std::vector<std::string> split_debuginfo;                 ///< supported values
  /// In rustc's order: ("unix", nullopt), ("target_os", "linux"). `proc_macro` is left out.
  std::vector<std::pair<std::string, std::optional<std::string>>> cfg;
  std::string sysroot_library_dir;  ///< <sysroot>/lib/rustlib/<triple>/lib
};

/// What config and environment say for one target (the host, or one requested triple).
struct TargetSettings {
  std::string triple;
  TargetInfo info;
  std::vector<std::string> rustflags;
  std::vector<std::string> rustdocflags;
  std::optional<std::string> linker;               ///< resolved against its config file when it has a slash
  std::optional<std::vector<std::string>> runner;  ///< program and arguments
  /// Overrides of build scripts: `[target.<triple>.<links>]`, by links name.
  std::map<std::string, cargo::BuildScriptOutput> links_overrides;
};

/// One `[env]` entry after `relative` was resolved.
struct ConfigEnv {
  std::string value;
  bool force = false;
};

/// Which targets the command line asked for: tells a check of a library from a check of its unit tests, which the unit
/// graph does not (cargo-behaviour 1.3).
struct TargetSelection {
  bool all_targets = false;
  bool lib = false;
  bool bins = false;      ///< --bins or any --bin
  bool examples = false;  ///< --examples or any --example
  bool tests = false;     ///< --tests or any --test
  bool benches = false;   ///< --benches or any --bench
};

struct Settings {
  Toolchain toolchain;
  Environment environment;  ///< what children inherit: ours plus what rustup's proxy would have set
  std::string current_directory;
  std::string cargo_home;
  std::string workspace_root;
  std::string target_directory;  ///< absolute
  std::string build_directory;   ///< absolute; equals target_directory unless build.build-dir says otherwise

  std::optional<std::string> rustc_wrapper;
  std::optional<std::string> rustc_workspace_wrapper;
  std::map<std::string, ConfigEnv> config_env;

  /// By the graph's platform id; [0] is the host. With `target_requested`, host units get no rustflags.
  IdMap<cargo::PlatformId, TargetSettings> targets;
  bool target_requested = false;  ///< any --target or build.target: host and target units differ

  std::string command;  ///< "build", "check", "run", "rustc"
  /// The intent is to check: nothing is placed where users look (`check`, `rustc --profile=check`).
  bool check_only = false;
  TargetSelection selection;
  std::string requested_profile;         ///< "dev", "release", a custom name
  std::string profile_directory;         ///< "debug", "release", a custom name
  bool profile_root_is_release = false;  ///< PROFILE of build scripts: "release" or "debug"

  int jobs = 1;  ///< also NUM_JOBS
  bool keep_going = false;
  bool nightly_features_allowed = false;
  bool no_embed_metadata = false;  ///< -Z no-embed-metadata: an .rlib's metadata are only in the .rmeta beside it

  /// 0 normal, 1 -v, 2 -vv (non-local packages are capped at warn instead of allow).
  int verbosity = 0;
  std::optional<int> terminal_width;            ///< of stderr, when it is a terminal: --diagnostic-width
  bool diagnostics_short = false;               ///< message-format short or json-diagnostic-short
  std::vector<std::string> extra_rustc_args;    ///< `cargo rustc -- ARGS`: for the root units
  std::optional<std::string> dep_info_basedir;  ///< build.dep-info-basedir, absolute
};

}  // namespace pcargo::plan
