// SPDX-License-Identifier: MIT OR Apache-2.0
// Small unit graphs, packages and settings for tests that need a plan: everything has a harmless default.
#pragma once

#include "plan/build_plan.h"

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace pcargo::test {

struct Edge {
  UnitId unit;
  std::string name;
};

/// Builds a graph unit by unit; every package lies in <root>/<name>, all are members of the workspace <root>.
class PlanFixture {
 public:
  explicit PlanFixture(std::string workspace = "/ws") : root(std::move(workspace)) {
    graph.platforms.push_back("");
    settings.workspace_root = root;
    settings.target_directory = root + "/target";
    settings.build_directory = root + "/target";
    settings.current_directory = root;
    settings.command = "build";
    settings.requested_profile = "dev";
    settings.profile_directory = "debug";
    settings.toolchain = {
        "/bin/cargo", "1.95.0", "/bin/rustc", "/bin/rustdoc", "rustc 1.95.0\nhost: h\n", "h", "1.95.0", "/sys"};
    settings.targets.push_back(target_settings("h"));
  }

  static plan::TargetSettings target_settings(const std::string& triple) {
    plan::TargetSettings target;
    target.triple = triple;
    target.info.naming = {{"bin", plan::FileNaming{"", ""}},
                          {"rlib", plan::FileNaming{"lib", ".rlib"}},
                          {"dylib", plan::FileNaming{"lib", ".so"}},
                          {"cdylib", plan::FileNaming{"lib", ".so"}},
                          {"staticlib", plan::FileNaming{"lib", ".a"}},
                          {"proc-macro", plan::FileNaming{"lib", ".so"}}};
    target.info.sysroot_library_dir = "/sys/lib/rustlib/" + triple + "/lib";
    return target;
  }

  cargo::PackageId package(const std::string& name, const std::string& version = "1.0.0") {
    for (std::uint32_t i = 0; i < packages.size(); ++i) {
      if (packages[cargo::PackageId{i}].name == name) {
        return cargo::PackageId{i};
      }
    }
    cargo::Package package;
    package.id = "path+file://" + root + "/" + name + "#" + version;
    package.name = name;
    package.version = version;
    package.root = root + "/" + name;
    package.manifest_path = package.root + "/Cargo.toml";
    package.source_display = package.root;
    package.is_member = true;
    graph.package_ids.push_back(package.id);
    return packages.push_back(package);
  }

  cargo::ProfileId profile(cargo::Profile profile) { return graph.profiles.push_back(std::move(profile)); }

  cargo::ProfileId dev() {
    if (graph.profiles.empty()) {
      cargo::Profile profile;
      profile.name = "dev";
      profile.opt_level = "0";
      profile.lto = "false";
      profile.debuginfo = "2";
      profile.debug_assertions = profile.overflow_checks = true;
      graph.profiles.push_back(profile);
    }
    return cargo::ProfileId{0};
  }

  UnitId unit(const std::string& package_name,
              cargo::TargetKind kind,
              std::vector<std::string> crate_types,
              std::initializer_list<Edge> edges = {},
              cargo::CompileMode mode = cargo::CompileMode::kBuild) {
    cargo::Target target;
    target.kind = kind;
    target.crate_types = crate_types;
    target.kind_names =
        kind == cargo::TargetKind::kCustomBuild ? std::vector<std::string>{"custom-build"} : crate_types;
    target.name = kind == cargo::TargetKind::kCustomBuild ? "build-script-build" : package_name;
    target.src_path =
        root + "/" + package_name + (kind == cargo::TargetKind::kCustomBuild ? "/build.rs" : "/src/lib.rs");
    target.edition = "2021";
    cargo::Unit unit;
    unit.package = package(package_name);
    unit.target = graph.targets.push_back(target);
    unit.profile = dev();
    if (graph.feature_sets.empty()) {
      graph.feature_sets.push_back({});
    }
    unit.mode = mode;
    for (const auto& edge : edges) {
      unit.dependencies.push_back({edge.unit, graph.crate_names.push_back(edge.name), std::nullopt, false, false});
    }
    return graph.units.push_back(unit);
  }

  UnitId lib(const std::string& name, std::initializer_list<Edge> edges = {}) {
    return unit(name, cargo::TargetKind::kLib, {"lib"}, edges);
  }
  UnitId bin(const std::string& name, std::initializer_list<Edge> edges = {}) {
    return unit(name, cargo::TargetKind::kBin, {"bin"}, edges);
  }
  UnitId script(const std::string& name, std::initializer_list<Edge> edges = {}) {
    return unit(name, cargo::TargetKind::kCustomBuild, {"bin"}, edges);
  }
  UnitId script_run(const std::string& name, std::initializer_list<Edge> edges) {
    return unit(name, cargo::TargetKind::kCustomBuild, {"bin"}, edges, cargo::CompileMode::kRunCustomBuild);
  }

  std::unique_ptr<const plan::BuildPlan> plan(std::vector<UnitId> roots) {
    graph.roots = std::move(roots);
    auto made = plan::BuildPlan::make(graph, packages, settings);
    PCARGO_CHECK(made.has_value());
    return *std::move(made);
  }

  std::string root;
  cargo::UnitGraph graph;
  IdMap<cargo::PackageId, cargo::Package> packages;
  plan::Settings settings;
};

}  // namespace pcargo::test
