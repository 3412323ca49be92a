// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/build_plan.h"

#include "base/command_text.h"
#include "base/path.h"
#include "plan/action_graph_builder.h"
#include "plan/check_modes.h"
#include "plan/environment.h"
#include "plan/late_candidates.h"
#include "plan/output_files.h"
#include "plan/rustc_arguments.h"
#include "plan/script_environment.h"
#include "plan/unit_rules.h"

#include <algorithm>
#include <charconv>

namespace pcargo::plan {

using cargo::CompileMode;

BuildPlan::BuildPlan(cargo::UnitGraph graph,
                     IdMap<cargo::PackageId, cargo::Package> packages,
                     Settings settings,
                     HashMap test_hash_map)
    : graph_(std::move(graph)),
      packages_(std::move(packages)),
      settings_(std::move(settings)),
      test_hash_map_(std::move(test_hash_map)),
      layout_(settings_, graph_) {}

Result<std::unique_ptr<const BuildPlan>> BuildPlan::make(cargo::UnitGraph graph,
                                                         IdMap<cargo::PackageId, cargo::Package> packages,
                                                         Settings settings,
                                                         HashMap test_hash_map,
                                                         Linking linking) {
  std::unique_ptr<BuildPlan> plan(
      new BuildPlan(std::move(graph), std::move(packages), std::move(settings), std::move(test_hash_map)));
  PCARGO_TRY(plan->derive(linking));
  return std::unique_ptr<const BuildPlan>(std::move(plan));
}

Result<void> BuildPlan::derive(Linking linking) {
  const auto& profile = settings_.requested_profile;
  infer_check_tests(&graph_, settings_.selection, profile == "test" || profile == "bench");
  lto_ = derive_lto(graph_);
  PCARGO_ASSIGN(actions_, build_action_graph(graph_, late_candidates(*this, linking)));

  is_root_ = IdMap<UnitId, char>(graph_.units.size(), 0);
  is_primary_package_ = IdMap<cargo::PackageId, char>(packages_.size(), 0);
  for (UnitId root : graph_.roots) {
    is_root_[root] = 1;
    is_primary_package_[graph_.units[root].package] = 1;
  }
  metadata_is_awaited_ = IdMap<UnitId, char>(graph_.units.size(), 0);
  for (std::uint32_t i = 0; i < graph_.units.size(); ++i) {
    for (const auto& dependency : graph_.units[UnitId{i}].dependencies) {
      metadata_is_awaited_[dependency.unit] |= only_requires_rmeta(graph_, UnitId{i}, dependency.unit);
    }
  }

  // Not the action graph's order: that one leaves out edges (tests to binaries) that names depend on.
  const auto order = dependency_order(graph_);
  hashes_ = compute_unit_hashes({graph_, packages_, settings_, lto_, order});
  for (auto& hash : hashes_) {
    hash = {mapped(hash.unit_id), mapped(hash.c_metadata)};
  }
  native_links_ = derive_native_links(graph_, packages_, order);
  for (std::uint32_t i = 0; i < graph_.units.size(); ++i) {
    PCARGO_TRY(check_script(UnitId{i}));
    PCARGO_TRY(check_crate_types(*this, UnitId{i}));
  }
  return {};
}

/// Cargo's graphs have for every run what it runs; a graph from elsewhere need not.
Result<void> BuildPlan::check_script(UnitId unit) const {
  if (graph_.units[unit].mode == CompileMode::kRunCustomBuild && links_override(unit) == nullptr &&
      !script_compile_unit(graph_, unit)) {
    return Error{ErrorKind::kInput,
                 "units[" + std::to_string(unit.value) + "] runs the build script of `" + package(unit).display() +
                     "`, and depends on no unit that compiles it"};
  }
  return {};
}

/// The hash in whose place a test puts another.
std::uint64_t BuildPlan::mapped(std::uint64_t hash) const {
  if (const auto found = test_hash_map_.find(UnitHash::to_hex(hash)); found != test_hash_map_.end()) {
    const auto& digits = found->second;
    std::from_chars(digits.data(), digits.data() + digits.size(), hash, 16);
  }
  return hash;
}

std::string BuildPlan::metadata(UnitId unit) const {
  return UnitHash::to_hex(hashes_[unit].c_metadata);
}

std::optional<std::string> BuildPlan::extra_filename(UnitId unit) const {
  if (!uses_extra_filename(*this, unit)) {
    return std::nullopt;
  }
  return UnitHash::to_hex(hashes_[unit].unit_id);
}

std::string BuildPlan::output_directory(UnitId unit) const {
  const auto& target = graph_.target(unit);
  const auto platform = graph_.units[unit].platform;
  if (target.is_custom_build()) {
    return layout_.script_executable(package(unit).name, hashes_[unit].unit_id);
  }
  return target.is_example() ? layout_.examples(platform) : layout_.deps(platform);
}

std::string BuildPlan::incremental_directory(UnitId unit) const {
  return layout_.incremental(graph_.units[unit].platform, package(unit).name, hashes_[unit].unit_id);
}

std::string BuildPlan::unit_lock(UnitId unit) const {
  return layout_.unit_lock(graph_.units[unit].platform, package(unit).name, hashes_[unit].unit_id);
}

std::string BuildPlan::dep_info_path(UnitId unit) const {
  const auto hash = extra_filename(unit);
  return path::join(output_directory(unit), graph_.target(unit).crate_name() + (hash ? "-" + *hash : "") + ".d");
}

std::vector<OutputFile> BuildPlan::outputs(UnitId unit) const {
  return derive_outputs(*this, unit);
}

std::optional<std::string> BuildPlan::executable(UnitId unit) const {
  const auto mode = graph_.units[unit].mode;
  const bool makes_program =
      mode == CompileMode::kTest || (mode == CompileMode::kBuild && graph_.target(unit).is_executable());
  if (!makes_program) {
    return std::nullopt;
  }
  for (const auto& output : outputs(unit)) {
    if (output.flavor == OutputFile::Flavor::kNormal) {
      return output.final_path.value_or(output.path);
    }
  }
  return std::nullopt;
}

std::string BuildPlan::out_dir(UnitId run) const {
  return layout_.out_dir(graph_.units[run].platform, package(run).name, hashes_[run].unit_id);
}

std::string BuildPlan::script_record(UnitId run) const {
  return layout_.script_record(graph_.units[run].platform, package(run).name, hashes_[run].unit_id);
}

const cargo::BuildScriptOutput* BuildPlan::links_override(UnitId run) const {
  const auto& links = package(run).links;
  if (!links) {
    return nullptr;
  }
  const auto& overrides = target_settings(run).links_overrides;
  const auto found = overrides.find(*links);
  return found == overrides.end() ? nullptr : &found->second;
}

Invocation BuildPlan::compile_invocation(UnitId unit, const ScriptOutputs& scripts) const {
  Invocation invocation;
  if (settings_.rustc_wrapper) {
    invocation.argv.push_back(*settings_.rustc_wrapper);
  }
  if (settings_.rustc_workspace_wrapper && package(unit).is_member) {
    invocation.argv.push_back(*settings_.rustc_workspace_wrapper);
  }
  invocation.argv.push_back(settings_.toolchain.rustc);
  auto arguments = rustc_arguments(*this, unit, scripts);
  std::move(arguments.begin(), arguments.end(), std::back_inserter(invocation.argv));

  auto& variables = invocation.set_environment;
  variables = base_environment(*this, unit, Tool::kRustc);
  add_config_environment(settings_, &variables);
  if (graph_.units[unit].is_std) {
    variables["RUSTC_BOOTSTRAP"] = "1";
  }
  const auto runs = own_script_runs(graph_, unit);
  if (!runs.empty()) {
    variables["OUT_DIR"] = out_dir(runs.front());
  }
  const auto& target = graph_.target(unit);
  if (target.is_test() || target.is_bench()) {
    add_bin_paths(*this, unit, &variables);
    variables["CARGO_TARGET_TMPDIR"] = layout_.tmp(graph_.units[unit].platform);
  }
  if (is_primary(unit)) {
    variables["CARGO_PRIMARY_PACKAGE"] = "1";
  }
  add_plugin_directories(*this, unit, scripts, &variables);
  for (UnitId run : runs) {
    if (const auto output = scripts.find(run); output != scripts.end()) {
      for (const auto& [name, value] : output->second.env) {
        variables[name] = value;
      }
    }
  }
  invocation.working_directory = source_path(*this, unit).working_directory;
  return invocation;
}

Invocation BuildPlan::script_invocation(UnitId run, const ScriptOutputs& scripts) const {
  Invocation invocation;
  const auto compile = script_compile_unit(graph_, run);
  PCARGO_CHECK(compile.has_value());
  invocation.argv = {path::join(output_directory(*compile), graph_.target(run).name)};
  invocation.set_environment = base_environment(*this, run, Tool::kScript);
  add_config_environment(settings_, &invocation.set_environment);
  add_script_variables(*this, run, scripts, &invocation.set_environment);
  invocation.removed_environment = removed_from_scripts(*this, run);
  invocation.working_directory = package(run).root;
  invocation.shows_variables = settings_.toolchain.capabilities.shows_variables_of_scripts;
  return invocation;
}

Invocation BuildPlan::program_invocation(UnitId unit,
                                         const std::string& program,
                                         const std::vector<std::string>& arguments,
                                         const ScriptOutputs& scripts) const {
  Invocation invocation;
  if (const auto& runner = target_settings(unit).runner) {
    invocation.argv = *runner;
  }
  invocation.argv.push_back(program);
  invocation.argv.insert(invocation.argv.end(), arguments.begin(), arguments.end());

  std::vector<std::string> native_directories;
  for (const auto& [run, output] : scripts) {
    native_directories.insert(native_directories.end(), output.library_paths.begin(), output.library_paths.end());
  }
  std::sort(native_directories.begin(), native_directories.end());
  native_directories.erase(std::unique(native_directories.begin(), native_directories.end()), native_directories.end());
  auto& variables = invocation.set_environment;
  variables = base_environment(*this, unit, Tool::kProgram, native_directories);
  Variables from_scripts;
  for (UnitId run : own_script_runs(graph_, unit)) {
    const bool has_root_library = std::any_of(graph_.roots.begin(), graph_.roots.end(), [&](UnitId root) {
      return graph_.target(root).is_library() && graph_.units[root].package == graph_.units[unit].package;
    });
    if (settings_.toolchain.capabilities.programs_have_out_dir || has_root_library) {
      from_scripts["OUT_DIR"] = out_dir(run);
    }
    if (const auto output = scripts.find(run); output != scripts.end()) {
      for (const auto& [name, value] : output->second.env) {
        from_scripts[name] = value;
      }
    }
  }
  // Scripts win over the search path, which cargo sets before theirs, and lose to all that it sets after (CARGO_PKG_*).
  if (auto search_path = from_scripts.find(library_path_variable()); search_path != from_scripts.end()) {
    variables[search_path->first] = search_path->second;
  }
  variables.insert(from_scripts.begin(), from_scripts.end());
  add_config_environment(settings_, &variables);
  invocation.working_directory = settings_.current_directory;
  invocation.shows_variables = settings_.toolchain.capabilities.shows_variables_of_scripts;
  return invocation;
}

std::string Invocation::display(bool with_variables) const {
  return display_command(with_variables && shows_variables ? set_environment : std::map<std::string, std::string>(),
                         argv);
}

cargo::BuildScriptContext BuildPlan::script_context(UnitId run) const {
  const auto& owner = package(run);
  cargo::BuildScriptContext context;
  context.package_description = owner.display();
  if (!owner.rust_version.empty()) {
    context.rust_version = owner.rust_version;
  }
  for (const auto& target : owner.targets) {
    context.targets.emplace_back(target.kind, target.name);
    if (target.kind == cargo::TargetKind::kLib) {
      std::string name = target.name;
      std::replace(name.begin(), name.end(), '-', '_');
      context.library_name = name;
      context.has_cdylib |=
          std::find(target.crate_types.begin(), target.crate_types.end(), "cdylib") != target.crate_types.end();
    }
  }
  context.out_dir = out_dir(run);
  context.old_out_dir = context.out_dir;
  context.nightly_features_allowed = settings_.nightly_features_allowed;
  context.capabilities = settings_.toolchain.capabilities;
  context.rustc_bootstrap = settings_.environment.get("RUSTC_BOOTSTRAP");
  return context;
}

}  // namespace pcargo::plan
