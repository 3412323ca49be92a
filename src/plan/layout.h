// SPDX-License-Identifier: MIT OR Apache-2.0
// Which directory is for what (design.md 6). Cargo's `<build-dir>/[triple/]<profile>/x` is our
// `<build-dir>/pcargo/[triple/]<profile>/x`, so that neither tool touches the other's files; only OUT_DIR stands where
// cargo puts it, because build scripts walk from it to the profile directory. Pure: nothing here looks at a disk.
#pragma once

#include "cargo/package.h"
#include "cargo/unit_graph.h"
#include "plan/settings.h"
#include "plan/unit_hash.h"

#include <optional>
#include <string>

namespace pcargo::plan {

class Layout {
 public:
  explicit Layout(const Settings& settings, const cargo::UnitGraph& graph) : settings_(settings), graph_(graph) {}

  /// `<build-dir>/pcargo`: everything of ours but OUT_DIR and final files.
  std::string private_root() const;

  std::string deps(cargo::PlatformId platform) const;
  std::string examples(cargo::PlatformId platform) const;
  /// One for each unit, not one for all as cargo's: what a compiler cannot read any more is set aside alone.
  std::string incremental(cargo::PlatformId platform, const std::string& package_name, std::uint64_t unit_id) const;

  /// Where a compiled build script lies; always on the host's side.
  std::string script_executable(const std::string& package_name, std::uint64_t compile_unit_id) const;
  /// What a run leaves besides OUT_DIR: its output, its stderr.
  std::string script_record(cargo::PlatformId platform,
                            const std::string& package_name,
                            std::uint64_t run_unit_id) const;
  std::string out_dir(cargo::PlatformId platform, const std::string& package_name, std::uint64_t run_unit_id) const;

  /// Where freshness keeps what it knows of a unit.
  std::string record(cargo::PlatformId platform, const std::string& package_name, std::uint64_t unit_id) const;

  /// Held by the processes of a unit that writes in a fixed place.
  std::string unit_lock(cargo::PlatformId platform, const std::string& package_name, std::uint64_t unit_id) const;

  /// CARGO_TARGET_TMPDIR.
  std::string tmp(cargo::PlatformId platform) const;

  /// `<target-dir>/[triple/]<profile>`, where users look; nullopt for a check, which places nothing there.
  std::optional<std::string> artifacts(cargo::PlatformId platform) const;

 private:
  std::string profile_below(const std::string& root, cargo::PlatformId platform) const;

  const Settings& settings_;
  const cargo::UnitGraph& graph_;
};

/// The directory name of a target triple: the triple, or the stem of a custom `.json` specification.
std::string platform_short_name(const std::string& platform);

}  // namespace pcargo::plan
