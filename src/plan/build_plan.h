// SPDX-License-Identifier: MIT OR Apache-2.0
// From units to commands. A BuildPlan is made once per build and is read-only. It knows what cargo would run for every
// unit and nothing of processes, files or time. Invocations and output paths are made late, one unit at a time: a large
// graph's would take most of the memory, and what build scripts say is known only then.
#pragma once

#include "base/ids.h"
#include "base/result.h"
#include "cargo/build_script_output.h"
#include "cargo/package.h"
#include "cargo/unit_graph.h"
#include "graph/action_graph.h"
#include "plan/layout.h"
#include "plan/lto.h"
#include "plan/native_links.h"
#include "plan/settings.h"
#include "plan/unit_hash.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pcargo::plan {

/// A file that a unit may make (cargo: OutputFile). Not every one is always made: a .dwp, for one.
struct OutputFile {
  enum class Flavor { kNormal, kLinkable, kRmeta, kDebugInfo, kAuxiliary };
  std::string path;                       ///< where rustc writes it
  std::optional<std::string> final_path;  ///< where users look for it (cargo: hardlink)
  Flavor flavor = Flavor::kNormal;

  /// Must exist after a successful run.
  bool is_required() const { return flavor != Flavor::kDebugInfo && flavor != Flavor::kAuxiliary; }
};

/// One program to run: exact argv, the variables set or removed on top of the inherited environment, and the directory.
struct Invocation {
  std::vector<std::string> argv;
  std::map<std::string, std::string> set_environment;  ///< what `-vv` prints
  std::vector<std::string> removed_environment;
  std::string working_directory;
  bool shows_variables = true;  ///< with -vv

  /// The command in back quotes, as `-v` prints it; `-vv` prints the variables before it.
  std::string display(bool with_variables) const;
};

/// What the build scripts that have run (or are overridden) said, by run unit.
using ScriptOutputs = std::map<UnitId, cargo::BuildScriptOutput>;

/// Names that a recording of cargo gave, by ours: lets a test compare bytes with cargo's. Hex digits both.
using HashMap = std::map<std::string, std::string>;

/// When may a unit that links start?
enum class Linking {
  kHeld,  ///< when every artifact below it is there, as cargo does
  // When the metadata is there; its link waits for the artifacts.
  kLateWhereItPays,   ///< not what is compiled incrementally: with other paths rustc uses nothing of what it kept
  kLateWhereItMayBe,  ///< wherever it can be done
};

class BuildPlan {
 public:
  /// Infers check tests, derives LTO, hashes, native links and the action graph. Fails on a cycle and on a target that
  /// supports none of a unit's crate types, in cargo's words.
  static Result<std::unique_ptr<const BuildPlan>> make(cargo::UnitGraph graph,
                                                       IdMap<cargo::PackageId, cargo::Package> packages,
                                                       Settings settings,
                                                       HashMap test_hash_map = {},
                                                       Linking linking = Linking::kHeld);

  const cargo::UnitGraph& graph() const { return graph_; }
  const Settings& settings() const { return settings_; }
  const graph::ActionGraph& actions() const { return actions_; }
  const Layout& layout() const { return layout_; }
  const IdMap<cargo::PackageId, cargo::Package>& packages() const { return packages_; }
  const cargo::Package& package(UnitId unit) const { return packages_[graph_.units[unit].package]; }
  const NativeLinks& native_links(UnitId unit) const { return native_links_[unit]; }
  const TargetSettings& target_settings(UnitId unit) const { return settings_.targets[graph_.units[unit].platform]; }
  const Lto& lto(UnitId unit) const { return lto_[unit]; }

  bool is_root(UnitId unit) const { return is_root_[unit]; }
  /// Does the unit's package own a root (cargo: is_primary_package).
  bool is_primary(UnitId unit) const { return is_primary_package_[graph_.units[unit].package]; }
  /// Does some dependent start on this unit's .rmeta (cargo: rmeta_required).
  bool metadata_is_awaited(UnitId unit) const { return metadata_is_awaited_[unit]; }
  /// Are warnings of this unit shown: path packages, and all with -vv (cargo: Unit::show_warnings).
  bool shows_warnings(UnitId unit) const { return package(unit).is_local() || settings_.verbosity >= 2; }

  /// Names in files and symbols, 16 hex digits; nullopt where cargo leaves the file name bare (dylibs of path
  /// packages).
  std::optional<std::string> extra_filename(UnitId unit) const;
  std::string metadata(UnitId unit) const;
  /// The unit's hash in directory names.
  std::uint64_t unit_id(UnitId unit) const { return hashes_[unit].unit_id; }

  /// rustc's --out-dir.
  std::string output_directory(UnitId unit) const;
  /// Where rustc keeps what it may use again, for this unit alone; used if its profile is incremental.
  std::string incremental_directory(UnitId unit) const;
  /// The lock of a unit that writes in a fixed place.
  std::string unit_lock(UnitId unit) const;
  /// The .d file that rustc writes.
  std::string dep_info_path(UnitId unit) const;
  /// Made at each call.
  std::vector<OutputFile> outputs(UnitId unit) const;
  /// The program a unit makes: final path for bins and examples, internal path for tests (cargo: get_executable).
  std::optional<std::string> executable(UnitId unit) const;

  /// OUT_DIR of a run unit, and the directory with what the run printed.
  std::string out_dir(UnitId run) const;
  std::string script_record(UnitId run) const;

  /// Config's answer in place of a run; null when the script runs.
  const cargo::BuildScriptOutput* links_override(UnitId run) const;

  /// rustc for a unit. Every run unit in native_links() and of the own package must be in `scripts`.
  Invocation compile_invocation(UnitId unit, const ScriptOutputs& scripts) const;
  /// A build script's run; the run units that it depends on must be in `scripts`.
  Invocation script_invocation(UnitId run, const ScriptOutputs& scripts) const;
  /// The user's program: `run`. `program` is the executable of `unit`.
  Invocation program_invocation(UnitId unit,
                                const std::string& program,
                                const std::vector<std::string>& arguments,
                                const ScriptOutputs& scripts) const;

  /// What parsing a script's output needs to know.
  cargo::BuildScriptContext script_context(UnitId run) const;

 private:
  BuildPlan(cargo::UnitGraph graph, IdMap<cargo::PackageId, cargo::Package> packages, Settings settings, HashMap map);
  Result<void> derive(Linking linking);
  Result<void> check_script(UnitId unit) const;
  std::uint64_t mapped(std::uint64_t hash) const;

  cargo::UnitGraph graph_;
  IdMap<cargo::PackageId, cargo::Package> packages_;
  Settings settings_;
  HashMap test_hash_map_;
  Layout layout_;
  graph::ActionGraph actions_;
  IdMap<UnitId, Lto> lto_;
  IdMap<UnitId, UnitHash> hashes_;
  IdMap<UnitId, NativeLinks> native_links_;
  IdMap<UnitId, char> is_root_;
  IdMap<UnitId, char> metadata_is_awaited_;
  IdMap<cargo::PackageId, char> is_primary_package_;
};

}  // namespace pcargo::plan
