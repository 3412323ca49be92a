// SPDX-License-Identifier: MIT OR Apache-2.0
// What the unit graph leaves out about a package (cargo-behaviour 1.3): read from its manifest where it lies.
#pragma once

#include "cargo/unit_graph.h"

#include <optional>
#include <string>
#include <vector>

namespace pcargo::cargo {

enum class SourceKind { kPath, kRegistry, kGit };

/// A package id spec in URL form, as unit graph and metadata write it:
/// `path+file:///dir#name@1.0.0`, `path+file:///dir#1.0.0` (the name is the last path component),
/// `registry+https://...#name@1.0.0`, `git+https://...?rev=x#name@1.0.0`, `sparse+...`.
struct PackageSpec {
  SourceKind source = SourceKind::kPath;
  std::string url;  ///< without the kind prefix and the fragment
  std::string name;
  std::string version;  ///< as written: "1.2.3-beta.1+meta"
};

/// A target as the manifest declares it or target discovery finds it; only what the graph does not say.
struct ManifestTarget {
  TargetKind kind = TargetKind::kLib;
  std::string name;
  std::string path = {};  ///< of its source, relative to the package root
  bool harness = true;
  std::vector<std::string> crate_types = {};  ///< as rustc gets them: "lib" by default, "bin" for what is executed
  std::optional<std::string> filename = {};   ///< unstable different-binary-name
};

struct Package {
  std::string id;  ///< join key: the unit graph's pkg_id
  SourceKind source = SourceKind::kPath;
  /// What cargo prints in brackets after name and version: the root for a path package, `url#shortrev` for git,
  /// "registry `url`" for a registry that is not crates.io, empty for crates.io.
  std::string source_display;
  bool is_member = false;  ///< a listed workspace member; a path package need not be one

  std::string name;
  std::string version;
  std::string manifest_path;  ///< absolute
  std::string root;           ///< absolute directory of the manifest

  // Always set, empty when the manifest is silent: the values of CARGO_PKG_*.
  std::string authors;  ///< joined by ':'
  std::string description;
  std::string homepage;
  std::string repository;
  std::string license;
  std::string license_file;
  std::string readme;  ///< README.md and its like found by default; empty for `readme = false`
  std::string rust_version;

  std::string edition;
  std::optional<std::string> links;
  std::optional<std::string> default_run;
  std::vector<std::string> declared_features;  ///< sorted; implicit ones of optional dependencies included
  std::vector<std::string> lint_flags;         ///< final rustc arguments, in order (cargo-behaviour 2.4)
  std::vector<ManifestTarget> targets;         ///< declared and discovered, build scripts not included
  std::vector<std::string> cargo_features;     ///< `cargo-features = [...]` at the top of the manifest
  bool has_hints_mostly_unused = false;
  bool has_include = false;  ///< `include`: what belongs to the package is named, not found

  /// How cargo writes a package: "name v1.0.0 (/path)"; nothing in brackets for crates.io.
  std::string display() const {
    return name + " v" + version + (source_display.empty() ? "" : " (" + source_display + ")");
  }

  /// A path package: its sources may change (cargo: PackageId source_id().is_path()).
  bool is_local() const { return source == SourceKind::kPath; }
};

}  // namespace pcargo::cargo
