// SPDX-License-Identifier: MIT OR Apache-2.0
// What differs between the versions of cargo that pcargo stands in for, as facts. This is the only place that knows
// which version changed what: elsewhere a fact is asked, never a version. The defaults are the newest cargo's.
//
// "1.80" behind a fact: the first cargo that is as the fact's name says. Found in cargo's release branches, in
// src/cargo/core/compiler/mod.rs unless another file is named (there from 1.98 on: src/compiler/mod.rs).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pcargo::cargo {

struct Capabilities {
  // What it tells of a build.
  bool has_unit_graph = true;             ///< 1.44; unit_graph.rs
  bool names_library_by_package = false;  ///< not since 1.79; with the package's hyphens; util/toml/targets.rs

  // The command line of rustc.
  bool has_check_cfg = true;        ///< 1.80; `--check-cfg` for features, `docsrs` and `test`
  bool says_edition_2015 = true;    ///< 1.78; `--edition` for 2015 too; features.rs
  bool has_lints_table = true;      ///< 1.74; util/toml/mod.rs
  bool says_terminal_width = true;  ///< 1.68; `--diagnostic-width` without `-Z terminal-width`
  bool profile_flags_come_last =
      true;  ///< 1.71; profile.rustflags behind the profile's other flags, not behind opt-level
  bool debuginfo_decides_splitting = true;  ///< 1.72; split-debuginfo behind debuginfo, and not without
  bool says_debuginfo_none = false;         ///< not since 1.71; `-C debuginfo=0` if the profile says so itself
  bool strips_without_debuginfo =
      true;  ///< 1.77; "debuginfo", where there is none and nobody said; ops/cargo_compile/mod.rs
  bool extra_arguments_come_last = true;  ///< 1.85; `cargo rustc -- ARGS` behind `--cap-lints`
  bool search_paths_come_first = true;    ///< 1.88; all `-L` of scripts, those into their OUT_DIR first, then the rest
  bool link_arguments_know_modes = true;  ///< 1.87; a unit test is no cdylib and no test target; custom_build.rs
  bool has_debug_packages = true;         ///< 1.69; looks for a .dwp beside what is linked; target_info.rs

  // Variables.
  bool has_manifest_path = true;         ///< 1.83; CARGO_MANIFEST_PATH; compilation.rs
  bool has_readme = true;                ///< 1.70; CARGO_PKG_README; compilation.rs
  bool has_feature_cfg = true;           ///< 1.85; CARGO_CFG_FEATURE; custom_build.rs
  bool has_debug_assertions_cfg = true;  ///< 1.93; CARGO_CFG_DEBUG_ASSERTIONS; custom_build.rs
  bool examples_have_bin_name = true;    ///< 1.70; CARGO_BIN_NAME; compilation.rs
  bool sysroot_is_in_rustc_path =
      false;  ///< not since 1.78; rustc gets the sysroot's library directory; compilation.rs
  bool profile_directory_comes_first =
      true;  ///< 1.93; library path: the profile's directory, then deps/; compilation.rs
  bool programs_have_out_dir =
      true;  ///< 1.77; OUT_DIR for what `run` starts, before only with a library among the roots; context/mod.rs
  bool flags_change_cfgs = true;  ///< 1.66; CARGO_CFG_* of what the chosen rustflags define; target_info.rs
  bool keeps_given_library_path =
      true;  ///< 1.83; what a cargo above put in front is not put there again; compilation.rs

  /// 1.93; `check` has no directory for final files: none in the library path, and no path in CARGO_BIN_EXE_*;
  /// layout.rs.
  bool check_places_nothing = true;

  // What a build script may print.
  bool has_double_colon = true;  ///< 1.77; `cargo::KEY=VALUE`; custom_build.rs
  bool mistakes_begin_small =
      true;  ///< 1.95; "only `-l` and `-L` flags ..", "cannot set ..": in small letters; custom_build.rs
  bool has_script_errors = true;      ///< 1.84; `cargo::error=`; custom_build.rs
  bool has_check_cfg_output = false;  ///< not since 1.74; the switch for it is `-Z check-cfg=output`; custom_build.rs
  bool has_script_check_cfg = true;   ///< 1.80; `rustc-check-cfg` without `-Z check-cfg`; custom_build.rs

  bool joins_lists_inwards = true;  ///< 1.74; lists of several config files, the innermost last; util/config/mod.rs
  bool has_keep_going = true;       ///< 1.74; `--keep-going` without `-Z unstable-options`; util/command_prelude.rs

  // Locks, and what is said.
  bool has_artifact_lock = true;        ///< 1.96; layout.rs
  bool names_profile_in_quotes = true;  ///< 1.78; "Finished `dev` profile [..]"; job_queue/mod.rs
  bool names_target_of_failure = true;  ///< 1.70; "could not compile `x` (lib)"
  bool counts_single_error = true;      ///< 1.76; "due to 1 previous error"
  bool shows_variables_of_scripts =
      true;  ///< 1.75; with -vv, as before those of rustc; what `run` starts, too; custom_build.rs
  bool names_package_of_warning = true;  ///< 1.75; "warning: x@1.0.0: .." of a build script; job_queue/mod.rs
  bool suggests_fixes = true;            ///< 1.68; "(run `cargo fix` ..)"; job_queue/mod.rs
  bool heads_warnings_of_failure =
      false;                           ///< not since 1.84; "The following warnings were emitted .."; job_queue/mod.rs
  bool has_backtrace_hint = true;      ///< 1.69; of a script that failed; custom_build.rs
  bool has_bright_colours = true;      ///< 1.91; and a plain colon behind "warning"; util/style.rs
  bool resets_before_colours = false;  ///< not since 1.74; termcolor does; core/shell.rs
  bool draws_collisions = true;        ///< 1.92; with the remarks below a bar; build_runner/mod.rs

  // JSON messages.
  bool messages_have_no_summary = true;  ///< 1.84; "1 warning emitted" is not passed on
  bool message_code_comes_last = true;   ///< 1.92; not at its place in the alphabet

  /// A note on what no test has gone over; empty: this version is in the tested range.
  std::string note;
};

/// Of `cargo -V`'s number: "1.95.0", "1.97.0-nightly". A word that is no version counts as the newest.
Capabilities capabilities_of(std::string_view cargo_version);

/// Of rustc's release: does it answer `--print=split-debuginfo`? From 1.68 on it is certain that it does; cargo asks
/// from then on.
bool prints_split_debuginfo(std::string_view rustc_release);

/// What an older one would answer, on Linux: all of them once they were stable (1.65).
std::vector<std::string> known_split_debuginfo(std::string_view rustc_release);

}  // namespace pcargo::cargo
