// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/rustc_arguments.h"

#include "base/path.h"
#include "plan/environment.h"
#include "plan/unit_rules.h"

#include <algorithm>

namespace pcargo::plan {

using cargo::CompileMode;

namespace {

class Arguments {
 public:
  Arguments& add(std::string argument) {
    list_.push_back(std::move(argument));
    return *this;
  }
  Arguments& add(std::string option, std::string value) { return add(std::move(option)).add(std::move(value)); }
  Arguments& codegen(std::string value) { return add("-C", std::move(value)); }
  Arguments& all(const std::vector<std::string>& more) {
    list_.insert(list_.end(), more.begin(), more.end());
    return *this;
  }
  std::vector<std::string> take() { return std::move(list_); }

 private:
  std::vector<std::string> list_;
};

const cargo::Capabilities& capabilities(const BuildPlan& plan) {
  return plan.settings().toolchain.capabilities;
}

void add_identity(const BuildPlan& plan, UnitId unit, Arguments* args) {
  const auto& target = plan.graph().target(unit);
  const auto& settings = plan.settings();
  args->add("--crate-name", target.crate_name());
  if (target.edition != "2015" || capabilities(plan).says_edition_2015) {
    args->add("--edition=" + target.edition);
  }
  args->add(source_path(plan, unit).argument);
  args->add("--error-format=json");
  args->add(settings.diagnostics_short ? "--json=diagnostic-rendered-ansi,artifacts,future-incompat,diagnostic-short"
                                       : "--json=diagnostic-rendered-ansi,artifacts,future-incompat");
  if (settings.terminal_width && capabilities(plan).says_terminal_width) {
    args->add("--diagnostic-width=" + std::to_string(*settings.terminal_width));
  }
}

void add_kind(const BuildPlan& plan, UnitId unit, Arguments* args) {
  const auto& target = plan.graph().target(unit);
  const auto mode = plan.graph().units[unit].mode;
  bool contains_dylib = false;
  if (!is_any_test(mode)) {
    for (const auto& type : target.crate_types) {
      args->add("--crate-type", type);
      contains_dylib |= type == "dylib";
    }
  }
  if (is_check(mode)) {
    args->add("--emit=dep-info,metadata");
  } else if (plan.settings().no_embed_metadata && keeps_metadata_apart(plan.graph(), unit)) {
    args->add("--emit=dep-info,metadata,link").add("-Z", "embed-metadata=no");
  } else if (!requires_upstream_objects(plan.graph(), unit)) {
    args->add("--emit=dep-info,metadata,link");
  } else {
    args->add("--emit=dep-info,link");
  }
  if (target.is_proc_macro() || (contains_dylib && !plan.is_primary(unit))) {
    args->codegen("prefer-dynamic");
  }
}

void add_checks(const cargo::Profile& profile, Arguments* args) {
  // Both checks follow the optimisation level by default; only what differs is said.
  const bool optimised = profile.opt_level != "0";
  if (optimised == profile.debug_assertions) {
    args->codegen(optimised ? "debug-assertions=on" : "debug-assertions=off");
  }
  if (profile.overflow_checks != profile.debug_assertions) {
    args->codegen(profile.overflow_checks ? "overflow-checks=on" : "overflow-checks=off");
  }
}

void add_split_debuginfo(const BuildPlan& plan, UnitId unit, Arguments* args) {
  const auto& split = plan.graph().profile(unit).split_debuginfo;
  const auto& supported = plan.target_settings(unit).info.split_debuginfo;
  if (split && std::find(supported.begin(), supported.end(), *split) != supported.end()) {
    args->codegen("split-debuginfo=" + *split);
  }
}

void add_profile(const BuildPlan& plan, UnitId unit, Arguments* args) {
  const auto& profile = plan.graph().profile(unit);
  const auto& facts = capabilities(plan);
  if (profile.opt_level != "0") {
    args->codegen("opt-level=" + profile.opt_level);
  }
  if (!facts.profile_flags_come_last) {
    args->all(profile.rustflags);
  }
  if (profile.panic != "unwind") {
    args->codegen("panic=" + profile.panic);
  }
  if (profile.panic == "immediate-abort") {
    args->add("-Z", "unstable-options");
  }
  args->all(lto_arguments(plan.lto(unit)));
  if (!facts.debuginfo_decides_splitting) {
    add_split_debuginfo(plan, unit, args);
  }
  if (profile.codegen_backend) {
    args->add("-Z", "codegen-backend=" + *profile.codegen_backend);
  }
  if (profile.codegen_units) {
    args->codegen("codegen-units=" + std::to_string(*profile.codegen_units));
  }
  if (profile.has_debuginfo() || (facts.says_debuginfo_none && profile.debuginfo_is_given)) {
    args->codegen("debuginfo=" + profile.debuginfo);
  }
  if (profile.has_debuginfo() && facts.debuginfo_decides_splitting) {
    add_split_debuginfo(plan, unit, args);
  }
  if (facts.has_lints_table) {
    args->all(plan.package(unit).lint_flags);
  }
  if (facts.profile_flags_come_last) {
    args->all(profile.rustflags);
  }
  if (plan.is_root(unit) && !facts.extra_arguments_come_last) {
    args->all(plan.settings().extra_rustc_args);
  }
  add_checks(profile, args);
}

bool has_harness(const BuildPlan& plan, UnitId unit) {
  const auto& target = plan.graph().target(unit);
  for (const auto& declared : plan.package(unit).targets) {
    if (declared.kind == target.kind && (declared.name == target.name || target.is_library())) {
      return declared.harness;
    }
  }
  return true;
}

void add_test(const BuildPlan& plan, UnitId unit, Arguments* args) {
  if (!is_any_test(plan.graph().units[unit].mode)) {
    return;
  }
  if (!has_harness(plan, unit)) {
    args->add("--cfg", "test");
    return;
  }
  args->add("--test");
  const auto& panic = plan.graph().profile(unit).panic;
  if (panic == "abort" || panic == "immediate-abort") {
    args->add("-Z", "panic-abort-tests");
  }
}

void add_features(const BuildPlan& plan, UnitId unit, Arguments* args) {
  for (const auto& feature : plan.graph().features(unit)) {
    args->add("--cfg", "feature=\"" + feature + "\"");
  }
  if (!capabilities(plan).has_check_cfg) {
    return;
  }
  std::string declared;
  for (const auto& feature : plan.package(unit).declared_features) {
    declared += (declared.empty() ? "\"" : ", \"") + feature + "\"";
  }
  args->add("--check-cfg", "cfg(docsrs,test)");
  args->add("--check-cfg", "cfg(feature, values(" + declared + "))");
}

void add_names(const BuildPlan& plan, UnitId unit, Arguments* args) {
  const auto& profile = plan.graph().profile(unit);
  args->codegen("metadata=" + plan.metadata(unit));
  if (auto hash = plan.extra_filename(unit)) {
    args->codegen("extra-filename=-" + *hash);
  }
  if (profile.rpath) {
    args->codegen("rpath");
  }
  args->add("--out-dir", plan.output_directory(unit));
  if (const auto& platform = plan.graph().platform(unit); !platform.empty()) {
    args->add("--target", platform);
    if (platform_short_name(platform) != platform) {
      args->add("-Zunstable-options");
    }
  }
  if (const auto& linker = plan.target_settings(unit).linker) {
    args->codegen("linker=" + *linker);
  }
  if (profile.incremental) {
    args->codegen("incremental=" + plan.incremental_directory(unit));
  }
  if (profile.strip.value != "None") {
    args->codegen("strip=" + profile.strip.value);
  }
  if (plan.graph().units[unit].is_std) {
    args->add("-Z", "force-unstable-if-unmarked");
  }
}

/// `--extern` options of an edge, with their colon; empty for nearly every edge.
std::string extern_options(const BuildPlan& plan, UnitId unit, const cargo::Dependency& dependency) {
  const auto& features = plan.package(unit).cargo_features;
  std::string options;
  const bool tracks_public = std::find(features.begin(), features.end(), "public-dependency") != features.end();
  if (tracks_public && plan.graph().target(unit).is_library() && dependency.is_public == false) {
    options = "priv";
  }
  if (dependency.noprelude) {
    options += options.empty() ? "noprelude" : ",noprelude";
  }
  return options.empty() ? options : options + ":";
}

void add_externs(const BuildPlan& plan, UnitId unit, Arguments* args) {
  const auto& graph = plan.graph();
  bool unstable = false;
  for (const auto& dependency : graph.units[unit].dependencies) {
    const auto mode = graph.units[dependency.unit].mode;
    if (!graph.target(dependency.unit).is_linkable() || is_doc(mode)) {
      continue;
    }
    const std::string options = extern_options(plan, unit, dependency);
    unstable |= !options.empty();
    const std::string name = options + graph.crate_names[dependency.extern_crate_name] + "=";
    for (const auto& output : plan.outputs(dependency.unit)) {
      if (is_extern(plan, unit, dependency.unit, output)) {
        args->add("--extern", name + output.path);
      }
    }
  }
  if (graph.target(unit).is_proc_macro()) {
    args->add("--extern", "proc_macro");
  }
  if (unstable) {
    args->add("-Z", "unstable-options");
  }
}

void add_dependencies(const BuildPlan& plan, UnitId unit, Arguments* args) {
  const auto platform = plan.graph().units[unit].platform;
  args->add("-L", "dependency=" + plan.layout().deps(platform));
  if (platform != cargo::kHostPlatform) {
    args->add("-L", "dependency=" + plan.layout().deps(cargo::kHostPlatform));
  }
  add_externs(plan, unit, args);
  if (!plan.shows_warnings(unit)) {
    args->add("--cap-lints", "allow");
  } else if (!plan.package(unit).is_local()) {
    args->add("--cap-lints", "warn");
  }
  if (plan.is_root(unit) && capabilities(plan).extra_arguments_come_last) {
    args->all(plan.settings().extra_rustc_args);
  }
  args->all(plan.target_settings(unit).rustflags);
}

/// What one script below asked of the linker, but for search paths.
class LinkDirectives {
 public:
  LinkDirectives(const BuildPlan& plan, UnitId unit) : plan_(plan), unit_(unit) {
    const auto& targets = plan.package(unit).targets;
    const bool package_has_library = std::any_of(
        targets.begin(), targets.end(), [](const auto& declared) { return declared.kind == cargo::TargetKind::kLib; });
    // A binary beside a library gets the native libraries through that library.
    passes_libraries_ = plan.graph().target(unit).is_library() || !package_has_library;
  }

  void add(UnitId run, const cargo::BuildScriptOutput& output, Arguments* args) const {
    const auto& graph = plan_.graph();
    const bool is_own = graph.units[run].package == graph.units[unit_].package;
    if (is_own && passes_libraries_) {
      for (const auto& library : output.library_links) {
        args->add("-l", library);
      }
    }
    const auto mode = capabilities(plan_).link_arguments_know_modes ? graph.units[unit_].mode : CompileMode::kBuild;
    for (const auto& [link_target, argument] : output.linker_args) {
      const bool is_for_cdylib = link_target.kind == cargo::LinkArgTarget::Kind::kCdylib;
      if (link_target.applies_to(graph.target(unit_), mode) && (is_own || is_for_cdylib)) {
        args->codegen("link-arg=" + argument);
      }
    }
  }

 private:
  const BuildPlan& plan_;
  UnitId unit_;
  bool passes_libraries_ = true;
};

/// What the scripts below asked for. All -L come first, of these the ones inside the script's own OUT_DIR (cargo:
/// LibraryPath::CargoArtifact); with an older cargo each script's -L are before its other words.
void add_script_links(const BuildPlan& plan, UnitId unit, const ScriptOutputs& scripts, Arguments* args) {
  const LinkDirectives directives(plan, unit);
  const bool is_sorted = capabilities(plan).search_paths_come_first;
  std::vector<std::string> external;
  for (UnitId run : plan.native_links(unit).to_link) {
    const auto output = scripts.find(run);
    if (output == scripts.end()) {
      continue;
    }
    for (const auto& search_path : output->second.library_paths) {
      if (!is_sorted || !dynamic_search_paths({search_path}, plan.out_dir(run)).empty()) {
        args->add("-L", search_path);
      } else {
        external.push_back(search_path);
      }
    }
    if (!is_sorted) {
      directives.add(run, output->second, args);
    }
  }
  for (auto& search_path : external) {
    args->add("-L", std::move(search_path));
  }
  for (UnitId run : plan.native_links(unit).to_link) {
    if (const auto output = scripts.find(run); is_sorted && output != scripts.end()) {
      directives.add(run, output->second, args);
    }
  }
}

void add_script_cfgs(const BuildPlan& plan, UnitId unit, const ScriptOutputs& scripts, Arguments* args) {
  for (UnitId run : own_script_runs(plan.graph(), unit)) {
    const auto output = scripts.find(run);
    if (output == scripts.end()) {
      continue;
    }
    for (const auto& cfg : output->second.cfgs) {
      args->add("--cfg", cfg);
    }
    for (const auto& check_cfg : output->second.check_cfgs) {
      args->add("--check-cfg", check_cfg);
    }
  }
}

}  // namespace

SourcePath source_path(const BuildPlan& plan, UnitId unit) {
  const auto& source = plan.graph().target(unit).src_path;
  const auto& package = plan.package(unit);
  if (package.is_local()) {
    const auto& root = plan.settings().workspace_root;
    if (auto relative = path::strip_prefix(source, root)) {
      return {std::string(*relative), root};
    }
  }
  return {source, package.root};
}

bool is_extern(const BuildPlan& plan, UnitId unit, UnitId dependency, const OutputFile& output) {
  const auto& graph = plan.graph();
  const bool metadata_only = only_requires_rmeta(graph, unit, dependency) || is_check(graph.units[dependency].mode);
  if (output.flavor == OutputFile::Flavor::kRmeta) {
    return metadata_only || plan.settings().no_embed_metadata;
  }
  return output.flavor == OutputFile::Flavor::kLinkable && !metadata_only;
}

std::vector<std::string> rustc_arguments(const BuildPlan& plan, UnitId unit, const ScriptOutputs& scripts) {
  Arguments args;
  add_identity(plan, unit, &args);
  add_kind(plan, unit, &args);
  add_profile(plan, unit, &args);
  add_test(plan, unit, &args);
  add_features(plan, unit, &args);
  add_names(plan, unit, &args);
  add_dependencies(plan, unit, &args);
  add_script_links(plan, unit, scripts, &args);
  add_script_cfgs(plan, unit, scripts, &args);
  return args.take();
}

}  // namespace pcargo::plan
