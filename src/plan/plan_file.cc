// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/plan_file.h"

#include "cargo/unit_graph_reader.h"
#include "cargo/unit_graph_writer.h"
#include "plan/plan_coding.h"
#include "plan/planned_invocation.h"

#include <nlohmann/json.hpp>

#include <array>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace pcargo::plan {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "pcargo-plan";

const char* name_of(PlannedInvocation::Work work) {
  static constexpr std::array<const char*, 3> kNames{"compile", "run-build-script", "nothing"};
  return kNames[static_cast<std::size_t>(work)];
}

const char* name_of(OutputFile::Flavor flavor) {
  static constexpr std::array<const char*, 5> kNames{"program", "linkable", "metadata", "debug-info", "auxiliary"};
  return kNames[static_cast<std::size_t>(flavor)];
}

const char* name_of(Milestone milestone) {
  static constexpr std::array<const char*, 4> kNames{"metadata", "objects", "artifact", "closure"};
  return kNames[static_cast<std::size_t>(milestone)];
}

Json outputs_to_json(const BuildPlan& plan, UnitId unit, const PlannedInvocation& planned) {
  Json list = Json::array();
  for (const auto& output : planned.outputs) {
    list.push_back({{"kind", name_of(output.flavor)},
                    {"path", output.path},
                    {"final_path", output.final_path ? Json(*output.final_path) : Json()},
                    {"required", output.is_required()}});
  }
  const auto add = [&list](const char* kind, std::string path) {
    list.push_back({{"kind", kind}, {"path", std::move(path)}, {"final_path", nullptr}, {"required", true}});
  };
  if (planned.work == PlannedInvocation::Work::kCompile) {
    add("dep-info", plan.dep_info_path(unit));
  } else if (planned.work == PlannedInvocation::Work::kRunScript) {
    add("directory", plan.out_dir(unit));
  }
  return list;
}

Json edges_to_json(const BuildPlan& plan, UnitId unit) {
  Json list = Json::array();
  for (const auto& edge : plan.actions().dependencies(unit)) {
    list.push_back({{"unit", edge.unit.value}, {"waits_for", name_of(edge.waits)}});
  }
  return list;
}

Json invocation_to_json(const BuildPlan& plan, UnitId unit, const ScriptOutputs& known) {
  const auto planned = planned_invocation(plan, unit, known);
  const auto& graph = plan.graph();
  const auto& target = graph.target(unit);
  Json json = {{"unit", unit.value}, {"package", plan.package(unit).display()}, {"package_id", plan.package(unit).id}};
  json["target"] = {{"kind", target.kind_names}, {"name", target.name}};
  json["mode"] = cargo::mode_name(graph.units[unit].mode);
  json["platform"] = graph.platform(unit).empty() ? Json() : Json(graph.platform(unit));
  json["profile"] = graph.profile(unit).name;
  json["work"] = name_of(planned.work);
  json["argv"] = planned.invocation.argv;
  json["env"] = {{"set", Json(planned.invocation.set_environment)},
                 {"removed", planned.invocation.removed_environment}};
  json["cwd"] = planned.invocation.working_directory;
  json["inputs"] = planned.inputs;
  json["outputs"] = outputs_to_json(plan, unit, planned);
  json["depends_on"] = edges_to_json(plan, unit);
  json["after_scripts"] = Json::array();
  for (const UnitId run : planned.after_scripts) {
    json["after_scripts"].push_back(run.value);
  }
  return json;
}

Json plan_to_json(const BuildPlan& plan, const FinishedProfile& finished, const EnvironmentChanges& changes) {
  Json json = {{"format", kFormat}, {"version", kPlanFileVersion}};
  json["workspace_root"] = plan.settings().workspace_root;
  json["roots"] = Json::array();
  for (const UnitId root : plan.graph().roots) {
    json["roots"].push_back(root.value);
  }
  json["invocations"] = Json::array();
  const auto known = overridden_scripts(plan);
  for (std::uint32_t i = 0; i < plan.graph().units.size(); ++i) {
    json["invocations"].push_back(invocation_to_json(plan, UnitId{i}, known));
  }
  auto& made_from = json["made_from"];
  made_from["unit_graph"] = cargo::unit_graph_to_json(plan.graph());
  made_from["packages"] = packages_to_json(plan.packages());
  made_from["settings"] = settings_to_json(plan.settings(), changes);
  made_from["finished"] = {{"opt_level", finished.opt_level}, {"has_debuginfo", finished.has_debuginfo}};
  return json;
}

/// Long lists and objects one element a line: for eyes, and for line by line comparison.
void write(const Json& json, int open_levels, const std::string& indent, std::string* text) {
  if (open_levels == 0 || !json.is_structured() || json.empty()) {
    *text += json.dump();
    return;
  }
  const std::string inner = indent + "  ";
  *text += json.is_array() ? "[" : "{";
  const char* separator = "\n";
  for (const auto& [name, value] : json.items()) {
    *text += separator + inner + (json.is_array() ? std::string() : Json(name).dump() + ": ");
    write(value, open_levels - 1, inner, text);
    separator = ",\n";
  }
  *text += "\n" + indent + (json.is_array() ? "]" : "}");
}

/// Sees what a document no longer shows: a name twice in one object, which reads differently to two readers. And how
/// deep it is: what is done with a document later goes down with it.
struct ParseWatch {
  static constexpr int kDeepest = 128;
  std::vector<std::set<std::string>> open;
  std::string mistake;

  bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
    if (depth > kDeepest) {
      mistake = "nested too deeply";
      return false;
    }
    if (event == Json::parse_event_t::object_start) {
      open.emplace_back();
    } else if (event == Json::parse_event_t::object_end) {
      open.pop_back();
    } else if (event == Json::parse_event_t::key && !open.back().insert(parsed.get<std::string>()).second) {
      mistake = "the name " + parsed.dump() + " is twice in one object";
    }
    return true;
  }
};

std::string shortened(const Json& json) {
  constexpr std::size_t kLongest = 200;
  const std::string text = json.dump(-1, ' ', true, Json::error_handler_t::replace);
  return text.size() <= kLongest ? text : text.substr(0, kLongest) + "...";
}

/// Where the file says another thing than what it is made from; empty: nowhere. As deep as what we derived, not as deep
/// as the file.
std::string first_difference(const Json& file, const Json& derived, const std::string& place) {
  const auto inside = [&place](const std::string& name) { return place.empty() ? name : place + "." + name; };
  if (file.is_object() && derived.is_object()) {
    for (const auto& [name, value] : derived.items()) {
      const auto found = file.find(name);
      if (found == file.end()) {
        return inside(name) + " is missing";
      }
      if (auto difference = first_difference(*found, value, inside(name)); !difference.empty()) {
        return difference;
      }
    }
    for (const auto& [name, value] : file.items()) {
      if (!derived.contains(name)) {
        return inside(name) + " is not of the plan";
      }
    }
    return {};
  }
  if (file.is_array() && derived.is_array()) {
    for (std::size_t i = 0; i < std::min(file.size(), derived.size()); ++i) {
      const std::string element = place + "[" + std::to_string(i) + "]";
      if (auto difference = first_difference(file[i], derived[i], element); !difference.empty()) {
        return difference;
      }
    }
    if (file.size() == derived.size()) {
      return {};
    }
    return place + " has " + std::to_string(file.size()) + " elements, of " + std::to_string(derived.size());
  }
  const bool same = file.type() == derived.type() || (file.is_number_integer() && derived.is_number_integer());
  return same && file == derived ? std::string()
                                 : place + " is " + shortened(file) + " and should be " + shortened(derived);
}

Error refused(std::string what) {
  return {ErrorKind::kInput, std::move(what)};
}

Result<Json> parse(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    return refused("not JSON: a NUL in it");
  }
  ParseWatch watch;
  try {
    Json json = Json::parse(text, std::ref(watch));
    if (!watch.mistake.empty()) {
      return refused(watch.mistake);
    }
    return json;
  } catch (const Json::exception& error) {
    return refused(std::string("not JSON: ") + error.what());
  }
}

/// The value of that kind; an error with the place if it is missing.
Result<const Json*> member(const Json& object, const char* name, Json::value_t kind, const std::string& place = {}) {
  const auto found = object.find(name);
  if (found == object.end() || found->type() != kind) {
    return refused(place + name + (found == object.end() ? ": missing" : ": expected another kind of value"));
  }
  return &*found;
}

Result<void> check_version(const Json& json) {
  if (!json.is_object() || !json.contains("format") || json["format"] != kFormat) {
    return refused("format: not a plan that `pcargo plan` printed");
  }
  if (!json.contains("version") || !json["version"].is_number_integer() || json["version"] != kPlanFileVersion) {
    return refused("version: " + shortened(json.value("version", Json())) + " is not supported; this pcargo reads " +
                   std::to_string(kPlanFileVersion));
  }
  return {};
}

/// `changes`: what the file makes of the environment, which is not in the settings yet.
Result<PlanFile> read_made_from(const Json& json, EnvironmentChanges* changes) {
  const std::string place = "made_from.";
  PCARGO_ASSIGN(const Json* made_from, member(json, "made_from", Json::value_t::object));
  PCARGO_ASSIGN(const Json* unit_graph, member(*made_from, "unit_graph", Json::value_t::object, place));
  PCARGO_ASSIGN(const Json* packages, member(*made_from, "packages", Json::value_t::array, place));
  PCARGO_ASSIGN(const Json* settings, member(*made_from, "settings", Json::value_t::object, place));
  PCARGO_ASSIGN(const Json* finished, member(*made_from, "finished", Json::value_t::object, place));
  PlanFile file;
  auto graph = cargo::read_unit_graph(unit_graph->dump());
  if (!graph) {
    return refused(place + "unit_graph: " + graph.error().message);
  }
  file.graph = *std::move(graph);
  PCARGO_ASSIGN(file.packages, packages_from_json(*packages, place + "packages", file.graph));
  PCARGO_ASSIGN(auto stored, settings_from_json(*settings, place + "settings"));
  std::tie(file.settings, *changes) = std::move(stored);
  if (file.settings.targets.size() != file.graph.platforms.size()) {
    return refused(place + "settings.targets: not one for each platform of the graph");
  }
  PCARGO_ASSIGN(const Json* opt_level, member(*finished, "opt_level", Json::value_t::string, place + "finished."));
  PCARGO_ASSIGN(const Json* debuginfo, member(*finished, "has_debuginfo", Json::value_t::boolean, place + "finished."));
  file.finished = {opt_level->get<std::string>(), debuginfo->get<bool>()};
  return file;
}

}  // namespace

Result<std::string> write_plan_file(const BuildPlan& plan,
                                    const FinishedProfile& finished,
                                    const Environment& inherited) {
  try {
    constexpr int kOpenLevels = 4;
    std::string text;
    write(plan_to_json(plan, finished, environment_changes(plan.settings(), inherited)), kOpenLevels, "", &text);
    return text + "\n";
  } catch (const Json::exception& error) {
    return Error{ErrorKind::kInput, "the plan cannot be written as JSON", {error.what()}};
  }
}

Result<PlanFile> read_plan_file(std::string_view text, const Environment& inherited) {
  PCARGO_ASSIGN(const Json json, parse(text));
  PCARGO_TRY(check_version(json));
  EnvironmentChanges changes;
  PCARGO_ASSIGN(PlanFile file, read_made_from(json, &changes));
  file.settings.environment = changed(inherited, changes);
  PCARGO_ASSIGN(const auto plan, BuildPlan::make(file.graph, file.packages, file.settings));
  const auto difference = first_difference(json, plan_to_json(*plan, file.finished, changes), "");
  if (!difference.empty()) {
    return refused(difference);
  }
  return file;
}

}  // namespace pcargo::plan
