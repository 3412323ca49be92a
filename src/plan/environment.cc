// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/environment.h"

#include "base/path.h"
#include "cargo/version.h"

#include <algorithm>

namespace pcargo::plan {

namespace {

// Linux; macOS has DYLD_FALLBACK_LIBRARY_PATH (with defaults to append), Windows PATH.
constexpr const char* kLibraryPath = "LD_LIBRARY_PATH";

std::vector<std::string> split_paths(const std::string& value) {
  std::vector<std::string> paths;
  std::size_t begin = 0;
  while (true) {
    const auto colon = value.find(':', begin);
    paths.push_back(value.substr(begin, colon == std::string::npos ? colon : colon - begin));
    if (colon == std::string::npos) {
      return paths;
    }
    begin = colon + 1;
  }
}

std::string join_paths(const std::vector<std::string>& paths) {
  std::string joined;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    joined += (i == 0 ? "" : ":") + paths[i];
  }
  return joined;
}

/// Our directories in front of the inherited ones, unless they are there already: a cargo inside a cargo.
std::string with_inherited(std::vector<std::string> paths, const Settings& settings) {
  std::vector<std::string> inherited;
  if (auto value = settings.environment.get(kLibraryPath)) {
    inherited = split_paths(*value);
  }
  const bool already_there = settings.toolchain.capabilities.keeps_given_library_path &&
                             inherited.size() >= paths.size() &&
                             std::equal(paths.begin(), paths.end(), inherited.begin());
  if (already_there) {
    return join_paths(inherited);
  }
  paths.insert(paths.end(), inherited.begin(), inherited.end());
  return join_paths(paths);
}

std::string library_path(const BuildPlan& plan,
                         UnitId unit,
                         Tool tool,
                         const std::vector<std::string>& native_directories) {
  const Layout& layout = plan.layout();
  const auto& facts = plan.settings().toolchain.capabilities;
  if (tool == Tool::kRustc) {
    std::vector<std::string> paths{layout.deps(cargo::kHostPlatform)};
    if (facts.sysroot_is_in_rustc_path) {
      paths.push_back(path::join(plan.settings().toolchain.sysroot, "lib"));
    }
    return with_inherited(std::move(paths), plan.settings());
  }
  const auto platform = tool == Tool::kScript ? cargo::kHostPlatform : plan.graph().units[unit].platform;
  std::vector<std::string> paths;
  if (auto artifacts = layout.artifacts(platform)) {
    paths = dynamic_search_paths(native_directories, *artifacts);
    paths.push_back(*artifacts);
    const auto deps_place = paths.end() - (facts.profile_directory_comes_first ? 0 : 1);
    paths.insert(deps_place, layout.deps(platform));
  } else {
    paths.push_back(layout.deps(platform));
  }
  paths.push_back(plan.settings().targets[platform].info.sysroot_library_dir);
  return with_inherited(std::move(paths), plan.settings());
}

void add_package(const cargo::Package& package, const cargo::Capabilities& facts, Variables* variables) {
  const cargo::Version version = cargo::parse_version(package.version);
  auto& v = *variables;
  v["CARGO_MANIFEST_DIR"] = package.root;
  if (facts.has_manifest_path) {
    v["CARGO_MANIFEST_PATH"] = package.manifest_path;
  }
  v["CARGO_PKG_VERSION_MAJOR"] = std::to_string(version.major);
  v["CARGO_PKG_VERSION_MINOR"] = std::to_string(version.minor);
  v["CARGO_PKG_VERSION_PATCH"] = std::to_string(version.patch);
  v["CARGO_PKG_VERSION_PRE"] = version.pre;
  v["CARGO_PKG_VERSION"] = package.version;
  v["CARGO_PKG_NAME"] = package.name;
  v["CARGO_PKG_AUTHORS"] = package.authors;
  v["CARGO_PKG_DESCRIPTION"] = package.description;
  v["CARGO_PKG_HOMEPAGE"] = package.homepage;
  v["CARGO_PKG_REPOSITORY"] = package.repository;
  v["CARGO_PKG_LICENSE"] = package.license;
  v["CARGO_PKG_LICENSE_FILE"] = package.license_file;
  if (facts.has_readme) {
    v["CARGO_PKG_README"] = package.readme;
  }
  v["CARGO_PKG_RUST_VERSION"] = package.rust_version;
}

}  // namespace

const char* library_path_variable() {
  return kLibraryPath;
}

std::string envify(std::string_view name) {
  std::string text(name);
  for (char& c : text) {
    c = c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return text;
}

std::vector<std::string> dynamic_search_paths(const std::vector<std::string>& values, const std::string& root) {
  constexpr std::string_view kKinds[] = {"native", "crate", "dependency", "framework", "all"};
  std::vector<std::string> paths;
  for (const auto& value : values) {
    std::string_view directory = value;
    const auto equals = directory.find('=');
    if (equals != std::string_view::npos &&
        std::find(std::begin(kKinds), std::end(kKinds), directory.substr(0, equals)) != std::end(kKinds)) {
      directory.remove_prefix(equals + 1);
    }
    if (path::is_within(directory, root)) {
      paths.emplace_back(directory);
    }
  }
  return paths;
}

Variables base_environment(const BuildPlan& plan,
                           UnitId unit,
                           Tool tool,
                           const std::vector<std::string>& native_directories) {
  Variables variables;
  const auto& target = plan.graph().target(unit);
  const auto& package = plan.package(unit);
  if (tool == Tool::kRustc) {
    if (plan.settings().toolchain.capabilities.examples_have_bin_name ? target.is_executable() : target.is_bin()) {
      variables["CARGO_BIN_NAME"] = target.name;
      for (const auto& declared : package.targets) {
        if (declared.kind == target.kind && declared.name == target.name && declared.filename) {
          variables["CARGO_BIN_NAME"] = *declared.filename;
        }
      }
    }
    variables["CARGO_CRATE_NAME"] = target.crate_name();
  }
  variables[kLibraryPath] = library_path(plan, unit, tool, native_directories);
  variables["CARGO"] = plan.settings().toolchain.cargo;
  add_package(package, plan.settings().toolchain.capabilities, &variables);
  return variables;
}

void add_config_environment(const Settings& settings, Variables* variables) {
  for (const auto& [name, entry] : settings.config_env) {
    if (entry.force || !settings.environment.contains(name)) {
      variables->emplace(name, entry.value);
    }
  }
}

void add_plugin_directories(const BuildPlan& plan, UnitId unit, const ScriptOutputs& scripts, Variables* variables) {
  const auto artifacts = plan.layout().artifacts(cargo::kHostPlatform);
  if (!artifacts) {
    return;
  }
  std::string& value = (*variables)[kLibraryPath];
  for (UnitId run : plan.native_links(unit).plugins) {
    if (auto output = scripts.find(run); output != scripts.end()) {
      for (const auto& directory : dynamic_search_paths(output->second.library_paths, *artifacts)) {
        value += ":" + directory;
      }
    }
  }
}

void add_bin_paths(const BuildPlan& plan, UnitId unit, Variables* variables) {
  const auto platform = plan.graph().units[unit].platform;
  const auto artifacts = plan.layout().artifacts(platform);
  const auto& naming = plan.settings().targets[platform].info.naming;
  const auto bin = naming.find("bin");
  for (const auto& target : plan.package(unit).targets) {
    if (target.kind != cargo::TargetKind::kBin) {
      continue;
    }
    const std::string name = target.filename.value_or(target.name);
    std::string value = "placeholder:" + name;
    if (artifacts && bin != naming.end() && bin->second) {
      value = path::join(*artifacts, bin->second->prefix + name + bin->second->suffix);
    }
    (*variables)["CARGO_BIN_EXE_" + name] = value;
  }
}

}  // namespace pcargo::plan
