// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/planned_invocation.h"

#include "base/path.h"
#include "plan/rustc_arguments.h"
#include "plan/unit_rules.h"

#include <algorithm>

namespace pcargo::plan {

using cargo::CompileMode;

namespace {

/// The file of a dependency that its dependent is given; nothing for what is only waited for.
void add_file_of_dependency(const BuildPlan& plan, UnitId unit, UnitId dependency, std::vector<std::string>* inputs) {
  if (!plan.graph().target(dependency).is_linkable()) {
    return;
  }
  for (const auto& output : plan.outputs(dependency)) {
    if (is_extern(plan, unit, dependency, output)) {
      inputs->push_back(output.path);
    }
  }
}

std::vector<UnitId> scripts_that_add(const BuildPlan& plan, UnitId unit, const ScriptOutputs& known) {
  std::vector<UnitId> scripts;
  const auto add = [&](UnitId run) {
    if (run != unit && !known.contains(run) && std::find(scripts.begin(), scripts.end(), run) == scripts.end()) {
      scripts.push_back(run);
    }
  };
  const auto& graph = plan.graph();
  for (const UnitId run : plan.native_links(unit).to_link) {
    add(run);
  }
  for (const UnitId run : own_script_runs(graph, unit)) {
    add(run);
  }
  if (graph.units[unit].mode == CompileMode::kRunCustomBuild) {
    for (const auto& dependency : graph.units[unit].dependencies) {
      if (graph.units[dependency.unit].mode == CompileMode::kRunCustomBuild && plan.package(dependency.unit).links) {
        add(dependency.unit);
      }
    }
  }
  for (const UnitId run : plan.native_links(unit).plugins) {
    add(run);
  }
  return scripts;
}

}  // namespace

ScriptOutputs overridden_scripts(const BuildPlan& plan) {
  ScriptOutputs outputs;
  for (std::uint32_t i = 0; i < plan.graph().units.size(); ++i) {
    const UnitId unit{i};
    if (plan.graph().units[unit].mode == CompileMode::kRunCustomBuild) {
      if (const auto* answer = plan.links_override(unit)) {
        outputs.emplace(unit, *answer);
      }
    }
  }
  return outputs;
}

PlannedInvocation planned_invocation(const BuildPlan& plan, UnitId unit, const ScriptOutputs& known) {
  PlannedInvocation planned;
  if (known.contains(unit)) {
    planned.work = PlannedInvocation::Work::kNothing;
    return planned;
  }
  planned.after_scripts = scripts_that_add(plan, unit, known);
  if (plan.graph().units[unit].mode == CompileMode::kRunCustomBuild) {
    planned.work = PlannedInvocation::Work::kRunScript;
    planned.invocation = plan.script_invocation(unit, known);
    planned.inputs = {planned.invocation.argv.front()};
    return planned;
  }
  planned.invocation = plan.compile_invocation(unit, known);
  const auto source = source_path(plan, unit);
  planned.inputs = {path::join(source.working_directory, source.argument)};
  for (const auto& dependency : plan.graph().units[unit].dependencies) {
    add_file_of_dependency(plan, unit, dependency.unit, &planned.inputs);
  }
  planned.outputs = plan.outputs(unit);
  return planned;
}

}  // namespace pcargo::plan
