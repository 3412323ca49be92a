// SPDX-License-Identifier: MIT OR Apache-2.0
// Cargo's unit graph, version 1, with cargo's own field names (cargo 1.95: src/cargo/core/compiler/unit_graph.rs).
// Values that many units share (targets, profiles, ...) are stored once: a graph may have tens of thousands of units.
#pragma once

#include "base/ids.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::cargo {

using PackageId = Id<struct PackageTag>;
using TargetId = Id<struct TargetTag>;
using ProfileId = Id<struct ProfileTag>;
using PlatformId = Id<struct PlatformTag>;  ///< 0 is the host (JSON null)
using FeatureSetId = Id<struct FeatureSetTag>;
using CrateNameId = Id<struct CrateNameTag>;

inline constexpr PlatformId kHostPlatform{0};

enum class TargetKind : std::uint8_t { kLib, kBin, kExample, kTest, kBench, kCustomBuild };

/// `kCheckTest` does not appear in the JSON ("check" stands for both): plan/check_modes infers it.
enum class CompileMode : std::uint8_t {
  kBuild,
  kTest,
  kCheck,
  kCheckTest,
  kDoc,
  kDoctest,
  kDocscrape,
  kRunCustomBuild
};

/// As the JSON has it: "build", "run-custom-build", ...; "check" for kCheckTest too.
std::string_view mode_name(CompileMode mode);

struct Target {
  TargetKind kind = TargetKind::kLib;
  std::vector<std::string> kind_names;   ///< as in JSON: the crate types for a library, one word otherwise
  std::vector<std::string> crate_types;  ///< "lib", "rlib", "dylib", "cdylib", "staticlib", "proc-macro", "bin"
  std::string name;                      ///< hyphens kept
  std::string src_path;                  ///< absolute; empty for a metabuild target
  std::string edition;
  std::optional<std::vector<std::string>> required_features;
  bool doc = false;
  bool doctest = false;
  bool test = false;

  bool operator==(const Target&) const = default;
  bool is_proc_macro() const;
  bool is_custom_build() const { return kind == TargetKind::kCustomBuild; }
  bool is_library() const { return kind == TargetKind::kLib; }
  /// Can other crates name it: one of lib, rlib, dylib, proc-macro (cargo: Target::is_linkable).
  bool is_linkable() const;
  bool is_bin() const { return kind == TargetKind::kBin; }
  bool is_test() const { return kind == TargetKind::kTest; }
  bool is_bench() const { return kind == TargetKind::kBench; }
  bool is_example() const { return kind == TargetKind::kExample; }
  /// A binary or an example that is one; tests and build scripts are not (cargo: Target::is_executable).
  bool is_executable() const;
  bool has_crate_type(std::string_view type) const;
  /// Runs on the host whatever the build is for: proc-macros and build scripts (cargo: Target::for_host).
  bool for_host() const { return is_custom_build() || is_proc_macro(); }
  /// rustc's name of the crate: hyphens become underscores.
  std::string crate_name() const;
};

struct Strip {
  bool deferred = false;
  std::string value = "None";  ///< "None" or the name: "debuginfo", "symbols"

  bool operator==(const Strip&) const = default;
};

struct Profile {
  std::string name;
  std::string opt_level;
  std::string lto;  ///< "false", "true", "off", or a name ("thin", "fat")
  std::optional<std::string> codegen_backend;
  std::optional<std::uint32_t> codegen_units;
  std::string debuginfo = "0";       ///< "0", "1", "2", "line-tables-only", "line-directives-only"
  bool debuginfo_is_given = true;    ///< old cargos: null is another thing than 0; messages write it the same way
  bool debuginfo_is_integer = true;  ///< how the JSON wrote it: messages write it the same way
  std::optional<std::string> split_debuginfo;
  bool debug_assertions = false;
  bool overflow_checks = false;
  bool rpath = false;
  bool incremental = false;
  std::string panic = "unwind";
  Strip strip;
  std::vector<std::string> rustflags;             ///< unstable: [profile] rustflags
  std::optional<std::string> trim_paths;          ///< unstable: JSON text of the value
  std::optional<std::string> hint_mostly_unused;  ///< unstable: JSON text of the value

  bool operator==(const Profile&) const = default;
  bool has_debuginfo() const { return debuginfo != "0"; }
};

/// One edge, in cargo's order (the order of --extern).
struct Dependency {
  UnitId unit;
  CrateNameId extern_crate_name;
  std::optional<bool> is_public;  ///< nullopt: the JSON did not say
  bool noprelude = false;
  bool nounused = false;
};

struct Unit {
  PackageId package;
  TargetId target;
  ProfileId profile;
  PlatformId platform = kHostPlatform;
  FeatureSetId features;
  CompileMode mode = CompileMode::kBuild;
  bool is_std = false;
  std::vector<Dependency> dependencies;
};

struct UnitGraph {
  IdMap<UnitId, Unit> units;
  std::vector<UnitId> roots;
  IdMap<PackageId, std::string> package_ids;  ///< package id specs in URL form
  IdMap<TargetId, Target> targets;
  IdMap<ProfileId, Profile> profiles;
  IdMap<PlatformId, std::string> platforms;  ///< [0] is empty: the host
  IdMap<FeatureSetId, std::vector<std::string>> feature_sets;
  IdMap<CrateNameId, std::string> crate_names;

  const Target& target(UnitId unit) const { return targets[units[unit].target]; }
  const Profile& profile(UnitId unit) const { return profiles[units[unit].profile]; }
  const std::string& platform(UnitId unit) const { return platforms[units[unit].platform]; }
  const std::vector<std::string>& features(UnitId unit) const { return feature_sets[units[unit].features]; }
};

}  // namespace pcargo::cargo
