// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/given.h"

#include "plan/environment.h"
#include "plan/unit_rules.h"

#include <algorithm>
#include <array>
#include <set>

namespace pcargo::freshness {

namespace {

using Kind = GivenField::Kind;

/// Without what only shapes diagnostics: a terminal of another width, `-vv`, `--message-format=short` (cargo stays
/// fresh).
/// `--cap-lints` is left out where cargo puts it, not where a user does: theirs may turn an error into a warning.
void add_arguments(const plan::BuildPlan& plan,
                   UnitId unit,
                   const plan::Invocation& invocation,
                   std::vector<GivenField>* given) {
  bool cap_is_cargos = !plan.package(unit).is_local();
  const auto& words = invocation.argv;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].starts_with("--diagnostic-width=") || words[i].starts_with("--json=")) {
      continue;
    }
    if (cap_is_cargos && words[i] == "--cap-lints") {
      cap_is_cargos = false;
      ++i;
      continue;
    }
    given->push_back({Kind::kArgument, "", words[i]});
  }
}

void add_variables(const plan::BuildPlan& plan, const plan::Invocation& invocation, std::vector<GivenField>* given) {
  const auto& settings = plan.settings();
  const bool has_wrapper = settings.rustc_wrapper || settings.rustc_workspace_wrapper;
  for (const auto& [name, value] : invocation.set_environment) {
    // It says what was asked for, not how to compile; but a wrapper (clippy) acts on it.
    const bool says_only_what_was_asked = name == "CARGO_PRIMARY_PACKAGE" && !has_wrapper;
    if (!is_without_effect(name) && !says_only_what_was_asked) {
      given->push_back({Kind::kVariable, name, value});
    }
  }
}

/// A build script whose OUT_DIR the compiler may look into: the own one, and where objects are linked all below.
std::vector<UnitId> scripts_used(const plan::BuildPlan& plan, UnitId unit) {
  const auto& graph = plan.graph();
  std::vector<UnitId> runs;
  if (graph.units[unit].mode == cargo::CompileMode::kRunCustomBuild) {
    return runs;  // they are dependencies
  }
  runs = plan::own_script_runs(graph, unit);
  if (plan::requires_upstream_objects(graph, unit)) {
    for (UnitId run : plan.native_links(unit).to_link) {
      if (std::find(runs.begin(), runs.end(), run) == runs.end()) {
        runs.push_back(run);
      }
    }
  }
  return runs;
}

}  // namespace

bool is_without_effect(const std::string& variable) {
  constexpr std::array<std::string_view, 4> kNames = {"NUM_JOBS", "CARGO_MAKEFLAGS", "MAKEFLAGS", "MFLAGS"};
  return variable == plan::library_path_variable() || std::find(kNames.begin(), kNames.end(), variable) != kNames.end();
}

std::vector<GivenField> Given::without_linked(std::vector<GivenField> fields) {
  std::erase_if(fields, [](const GivenField& field) { return field.kind == Kind::kLinked; });
  return fields;
}

std::optional<Given> given_to(const plan::BuildPlan& plan,
                              UnitId unit,
                              const plan::Invocation& invocation,
                              const Results& results,
                              Inspector& inspector) {
  const auto& graph = plan.graph();
  Given result;
  auto& given = result.fields;
  given.push_back({Kind::kToolchain, "rustc", plan.settings().toolchain.verbose_version});
  given.push_back({Kind::kToolchain, "sysroot", plan.settings().toolchain.sysroot});
  if (const auto& platform = graph.platform(unit); platform.ends_with(".json")) {
    given.push_back({Kind::kToolchain, "target specification", to_hex(inspector.look(platform).digest)});
  }
  given.push_back({Kind::kDirectory, "", invocation.working_directory});
  add_arguments(plan, unit, invocation, &given);
  add_variables(plan, invocation, &given);
  for (const auto& dependency : graph.units[unit].dependencies) {
    const bool is_script_run = graph.units[dependency.unit].mode == cargo::CompileMode::kRunCustomBuild;
    const bool is_made_for_it =
        is_script_run || graph.target(dependency.unit).is_custom_build() || graph.target(dependency.unit).is_linkable();
    if (!is_made_for_it || plan::is_doc(graph.units[dependency.unit].mode)) {
      continue;  // a test's binaries: known to it by name only
    }
    if (is_script_run && plan.links_override(dependency.unit) != nullptr) {
      continue;  // what config says in its place is among the arguments and variables
    }
    const auto& name = plan.package(dependency.unit).name;
    const bool is_linked = results.is_linked_into(unit, dependency.unit);
    const auto used = results.used_by(unit, dependency.unit);
    const auto read = is_linked ? results.read_before_link(dependency.unit) : used;
    if (!read) {
      return std::nullopt;
    }
    given.push_back({is_script_run ? Kind::kScript : Kind::kDependency, name, to_hex(*read)});
    if (is_linked && used) {
      given.push_back({Kind::kLinked, name, to_hex(*used)});
    }
    result.is_complete &= used.has_value();
  }
  for (UnitId run : scripts_used(plan, unit)) {
    const bool is_direct = std::any_of(graph.units[unit].dependencies.begin(),
                                       graph.units[unit].dependencies.end(),
                                       [run](const auto& dependency) { return dependency.unit == run; });
    if (is_direct || plan.links_override(run) != nullptr) {
      continue;
    }
    const auto& made = results.artifact(run);
    if (!made) {
      return std::nullopt;
    }
    given.push_back({Kind::kScript, plan.package(run).name, to_hex(*made)});
  }
  return result;
}

std::optional<std::string> variable_seen(const plan::BuildPlan& plan,
                                         const plan::Invocation& invocation,
                                         const std::string& name) {
  if (!is_without_effect(name)) {
    if (const auto set = invocation.set_environment.find(name); set != invocation.set_environment.end()) {
      return set->second;
    }
    const auto& removed = invocation.removed_environment;
    if (std::find(removed.begin(), removed.end(), name) != removed.end()) {
      return std::nullopt;
    }
  }
  return plan.settings().environment.get(name);
}

}  // namespace pcargo::freshness
