// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/script_environment.h"

#include "plan/layout.h"
#include "plan/unit_rules.h"

namespace pcargo::plan {

namespace {

std::string join(const std::vector<std::string>& values, char separator) {
  std::string joined;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i != 0) {
      joined += separator;
    }
    joined += values[i];
  }
  return joined;
}

void add_cfgs(const BuildPlan& plan, UnitId run, Variables* variables) {
  std::map<std::string, std::vector<std::string>> values;
  const auto& facts = plan.settings().toolchain.capabilities;
  if (facts.has_feature_cfg) {
    values["feature"] = plan.graph().features(run);
  }
  if (facts.has_debug_assertions_cfg && plan.graph().profile(run).debug_assertions) {
    values["debug_assertions"];
  }
  for (const auto& [name, value] : plan.target_settings(run).info.cfg) {
    if (value) {
      values[name].push_back(*value);
    } else if (name != "debug_assertions") {  // the profile decides, not rustc's default
      values[name].clear();
    }
  }
  for (const auto& [name, list] : values) {
    (*variables)["CARGO_CFG_" + envify(name)] = join(list, ',');
  }
}

/// DEP_<LINKS>_<KEY> from the scripts of direct dependencies with `links`.
void add_dependency_metadata(const BuildPlan& plan, UnitId run, const ScriptOutputs& scripts, Variables* variables) {
  for (const auto& dependency : plan.graph().units[run].dependencies) {
    const auto output = scripts.find(dependency.unit);
    const auto& links = plan.package(dependency.unit).links;
    if (plan.graph().units[dependency.unit].mode != cargo::CompileMode::kRunCustomBuild || !links ||
        output == scripts.end()) {
      continue;
    }
    for (const auto& [key, value] : output->second.metadata) {
      (*variables)["DEP_" + envify(*links) + "_" + envify(key)] = value;
    }
  }
}

void add_toolchain(const BuildPlan& plan, UnitId run, Variables* variables) {
  const auto& settings = plan.settings();
  auto& v = *variables;
  v["HOST"] = settings.toolchain.host;
  v["TARGET"] = platform_short_name(plan.target_settings(run).triple);
  v["RUSTC"] = settings.toolchain.rustc;
  v["RUSTDOC"] = settings.toolchain.rustdoc;
  if (const auto& linker = plan.target_settings(run).linker) {
    v["RUSTC_LINKER"] = *linker;
  }
  if (settings.rustc_wrapper) {
    v["RUSTC_WRAPPER"] = *settings.rustc_wrapper;
  }
  if (settings.rustc_workspace_wrapper && plan.package(run).is_member) {
    v["RUSTC_WORKSPACE_WRAPPER"] = *settings.rustc_workspace_wrapper;
  }
  v["CARGO_ENCODED_RUSTFLAGS"] = join(plan.target_settings(run).rustflags, '\x1f');
}

}  // namespace

void add_script_variables(const BuildPlan& plan, UnitId run, const ScriptOutputs& scripts, Variables* variables) {
  // The profile is that of the package's library, not the one the script was compiled with.
  const auto& profile = plan.graph().profile(run);
  const auto& package = plan.package(run);
  auto& v = *variables;
  v["OUT_DIR"] = plan.out_dir(run);
  v["NUM_JOBS"] = std::to_string(plan.settings().jobs);
  v["DEBUG"] = profile.has_debuginfo() ? "true" : "false";
  v["OPT_LEVEL"] = profile.opt_level;
  v["PROFILE"] = plan.settings().profile_root_is_release ? "release" : "debug";
  if (package.links) {
    v["CARGO_MANIFEST_LINKS"] = *package.links;
  }
  for (const auto& feature : plan.graph().features(run)) {
    v["CARGO_FEATURE_" + envify(feature)] = "1";
  }
  add_toolchain(plan, run, variables);
  add_cfgs(plan, run, variables);
  add_dependency_metadata(plan, run, scripts, variables);
  add_plugin_directories(plan, run, scripts, variables);
}

std::vector<std::string> removed_from_scripts(const BuildPlan& plan, UnitId run) {
  std::vector<std::string> removed{"RUSTFLAGS"};
  if (!plan.settings().rustc_wrapper) {
    removed.emplace_back("RUSTC_WRAPPER");
  }
  if (!plan.settings().rustc_workspace_wrapper || !plan.package(run).is_member) {
    removed.emplace_back("RUSTC_WORKSPACE_WRAPPER");
  }
  return removed;
}

}  // namespace pcargo::plan
