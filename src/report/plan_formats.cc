// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/plan_formats.h"

#include "plan/planned_invocation.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace pcargo::report {

namespace {

using Json = nlohmann::ordered_json;
using plan::PlannedInvocation;

std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
    }
    result += c;
  }
  return result + "\"";
}

std::string label(const plan::BuildPlan& plan, UnitId unit) {
  const auto& package = plan.package(unit);
  const auto& target = plan.graph().target(unit);
  const auto mode = plan.graph().units[unit].mode;
  std::string what = mode == cargo::CompileMode::kRunCustomBuild ? "run build script"
                     : target.is_custom_build()                  ? "build script"
                     : target.is_library() ? target.kind_names.empty() ? "lib" : target.kind_names.front()
                                           : target.kind_names.front() + " " + target.name;
  if (mode == cargo::CompileMode::kTest) {
    what += ", test";
  }
  const auto& platform = plan.graph().platform(unit);
  return package.name + " " + package.version + " (" + what + ")" + (platform.empty() ? "" : " for " + platform);
}

/// How an arrow looks; what waits for the artifact of one unit is plain.
std::string_view style(Milestone waits) {
  switch (waits) {
    case Milestone::kMetadata:
      return " [style=dashed, label=metadata]";
    case Milestone::kClosure:
      return " [style=bold, label=closure]";
    default:
      return "";
  }
}

/// Units in the order in which cargo printed them: below each root, depth first.
std::vector<UnitId> cargos_order(const cargo::UnitGraph& graph) {
  std::vector<UnitId> order;
  IdMap<UnitId, char> seen(graph.units.size(), 0);
  std::vector<std::pair<UnitId, std::size_t>> open;  // a unit, and the next of its dependencies
  for (const UnitId root : graph.roots) {
    if (seen[root] == 0) {
      seen[root] = 1;
      open.emplace_back(root, 0);
    }
    while (!open.empty()) {
      auto& [unit, next] = open.back();
      const auto& dependencies = graph.units[unit].dependencies;
      if (next == dependencies.size()) {
        order.push_back(unit);
        open.pop_back();
        continue;
      }
      const UnitId dependency = dependencies[next++].unit;
      if (seen[dependency] == 0) {
        seen[dependency] = 1;
        open.emplace_back(dependency, 0);
      }
    }
  }
  return order;
}

Json to_cargos_invocation(const plan::BuildPlan& plan,
                          UnitId unit,
                          const plan::ScriptOutputs& known,
                          const IdMap<UnitId, std::size_t>& numbers) {
  const auto& graph = plan.graph();
  const auto planned = plan::planned_invocation(plan, unit, known);
  const auto& argv = planned.invocation.argv;
  Json json = {{"package_name", plan.package(unit).name}, {"package_version", plan.package(unit).version}};
  json["target_kind"] = graph.target(unit).kind_names;
  json["kind"] = graph.platform(unit).empty() ? Json() : Json(graph.platform(unit));
  json["compile_mode"] = cargo::mode_name(graph.units[unit].mode);
  json["deps"] = Json::array();
  for (const auto& dependency : graph.units[unit].dependencies) {
    json["deps"].push_back(numbers[dependency.unit]);
  }
  json["outputs"] = Json::array();
  std::map<std::string, std::string> links;
  for (const auto& output : planned.outputs) {
    json["outputs"].push_back(output.path);
    if (output.final_path) {
      links[*output.final_path] = output.path;
    }
  }
  json["links"] = links;
  json["program"] = argv.empty() ? "" : argv.front();
  json["args"] = argv.empty() ? argv : std::vector<std::string>(argv.begin() + 1, argv.end());
  json["env"] = planned.invocation.set_environment;
  json["cwd"] = argv.empty() ? Json() : Json(planned.invocation.working_directory);
  return json;
}

}  // namespace

std::string plan_as_dot(const plan::BuildPlan& plan) {
  std::string text = "digraph plan {\n  rankdir=LR;\n  node [shape=box];\n";
  for (std::uint32_t i = 0; i < plan.graph().units.size(); ++i) {
    const UnitId unit{i};
    const char* shape = plan.graph().units[unit].mode == cargo::CompileMode::kRunCustomBuild ? ", shape=ellipse" : "";
    const char* root = plan.is_root(unit) ? ", penwidth=2" : "";
    text += "  u" + std::to_string(i) + " [label=" + in_quotes(label(plan, unit)) + shape + root + "];\n";
  }
  for (std::uint32_t i = 0; i < plan.graph().units.size(); ++i) {
    for (const auto& edge : plan.actions().dependencies(UnitId{i})) {
      text += "  u" + std::to_string(i) + " -> u" + std::to_string(edge.unit.value);
      text += style(edge.waits);
      text += ";\n";
    }
  }
  return text + "}\n";
}

Result<std::string> plan_as_cargos_build_plan(const plan::BuildPlan& plan) {
  const auto order = cargos_order(plan.graph());
  const auto known = plan::overridden_scripts(plan);
  IdMap<UnitId, std::size_t> numbers(plan.graph().units.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    numbers[order[i]] = i;
  }
  Json json = {{"invocations", Json::array()}};
  for (const UnitId unit : order) {
    json["invocations"].push_back(to_cargos_invocation(plan, unit, known, numbers));
  }
  std::set<std::string> inputs;
  for (const auto& package : plan.packages()) {
    inputs.insert(package.manifest_path);
  }
  json["inputs"] = inputs;
  try {
    return json.dump() + "\n";
  } catch (const Json::exception& error) {
    return Error{ErrorKind::kInput, "the plan cannot be written as JSON", {error.what()}};
  }
}

}  // namespace pcargo::report
