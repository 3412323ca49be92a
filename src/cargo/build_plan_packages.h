// SPDX-License-Identifier: MIT OR Apache-2.0
// Whose a unit of a build plan is and which target of it: the plan has only a name, a version and a directory. Cargo's
// metadata knows the workspace's members, the lock file where the others come from, and their manifests the rest.
#pragma once

#include "cargo/build_plan_reader.h"
#include "cargo/manifest_store.h"

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace pcargo::cargo {

/// A package as an invocation names it.
struct PlannedPackage {
  std::string name;
  std::string version;
  std::string root;  ///< its directory, absolute
};

class BuildPlanPackages {
 public:
  explicit BuildPlanPackages(const BuildPlanContext& context);

  /// The package id that cargo's unit graph would have. `is_path`: the sources lie where the user has them.
  Result<std::string> id_of(const PlannedPackage& package, bool is_path);

  /// `drafted` has what the command says, the crate's name in place of the target's; what it cannot say is added.
  Result<Target> complete(const PlannedPackage& package, Target drafted);

  /// The target of a build script that config's `links` override keeps from being compiled.
  Result<Target> overridden_script(const PlannedPackage& package, const std::string& edition);

 private:
  struct Locked {
    std::string source;
    bool is_alone = true;  // of its name and version, among those that have a source
  };

  const WorkspaceMember* member_in(const std::string& root) const;
  Result<Target> of_member(const WorkspaceMember& member, const Target& drafted) const;
  Result<Target> library(const PlannedPackage& package, Target drafted);
  Result<const ManifestFile*> manifest(const PlannedPackage& package);
  Result<void> read_lock_file();

  const BuildPlanContext& context_;
  ManifestStore manifests_;
  std::unordered_map<std::string, const WorkspaceMember*> members_;  // by directory
  std::optional<std::map<std::pair<std::string, std::string>, Locked>> locked_;
};

}  // namespace pcargo::cargo
