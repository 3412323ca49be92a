// SPDX-License-Identifier: MIT OR Apache-2.0
// Prints what pcargo would build: a line of JSON for each unit, with the invocation, the edges and what each waits for,
// and all that messages show of it. Runs nothing but cargo and the rustc probes. Takes pcargo's own words:
//
//     list_plan build --workspace
//
// Each build script is taken to have said something, so that its words show where they go. Exit code 3: no plan is made
// of this command (it is cargo's); 101: an error, in cargo's words.
#include "cli/options.h"
#include "plan/build_plan.h"
#include "platform/process.h"
#include "platform/real_file_system.h"
#include "prepare/prepare.h"

#include <nlohmann/json.hpp>

#include <unistd.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace pcargo;
using Json = nlohmann::ordered_json;

constexpr int kNotOurs = 3;
constexpr int kFailure = 101;

cargo::BuildScriptOutput words_of_script(const std::string& name) {
  cargo::BuildScriptOutput output;
  output.library_paths = {"native=/scripts/" + name};
  output.library_links = {name};
  output.cfgs = {"from_" + name};
  output.env = {{"FROM_SCRIPT", name}};
  output.metadata = {{"key", name}};
  return output;
}

Json to_json(const plan::Invocation& invocation) {
  return {{"argv", invocation.argv},
          {"set", invocation.set_environment},
          {"removed", invocation.removed_environment},
          {"cwd", invocation.working_directory}};
}

Json edges_of(const plan::BuildPlan& plan, UnitId unit) {
  Json edges = Json::array();
  for (const graph::Edge& edge : plan.actions().dependencies(unit)) {
    edges.push_back({plan::UnitHash::to_hex(plan.unit_id(edge.unit)), static_cast<int>(edge.waits)});
  }
  return edges;
}

Json outputs_of(const plan::BuildPlan& plan, UnitId unit) {
  Json outputs = Json::array();
  for (const plan::OutputFile& output : plan.outputs(unit)) {
    outputs.push_back({output.path, output.final_path.value_or(""), static_cast<int>(output.flavor)});
  }
  return outputs;
}

Json describe(const plan::BuildPlan& plan, UnitId id, const plan::ScriptOutputs& scripts) {
  const cargo::UnitGraph& graph = plan.graph();
  const cargo::Unit& unit = graph.units[id];
  const cargo::Target& target = graph.target(id);
  const cargo::Profile& profile = graph.profile(id);
  Json line;
  line["id"] = plan::UnitHash::to_hex(plan.unit_id(id));
  line["package"] = graph.package_ids[unit.package];
  line["target"] = {{"name", target.name},
                    {"kind", target.kind_names},
                    {"crate_types", target.crate_types},
                    {"src_path", target.src_path},
                    {"edition", target.edition},
                    {"doc", target.doc},
                    {"doctest", target.doctest},
                    {"test", target.test},
                    {"required_features", target.required_features.value_or(std::vector<std::string>())}};
  line["profile"] = {{"name", profile.name},
                     {"opt_level", profile.opt_level},
                     {"debuginfo", profile.debuginfo},
                     {"debug_assertions", profile.debug_assertions},
                     {"lto", profile.lto},
                     {"overflow_checks", profile.overflow_checks},
                     {"panic", profile.panic},
                     {"incremental", profile.incremental}};
  line["mode"] = static_cast<int>(unit.mode);
  line["platform"] = graph.platform(id);
  line["features"] = graph.features(id);
  line["root"] = plan.is_root(id);
  const bool is_run = unit.mode == cargo::CompileMode::kRunCustomBuild;
  if (!is_run) {
    line["invocation"] = to_json(plan.compile_invocation(id, scripts));
  } else if (plan.links_override(id) == nullptr) {
    line["invocation"] = to_json(plan.script_invocation(id, scripts));
  }
  line["waits"] = edges_of(plan, id);
  line["phases"] = static_cast<int>(plan.actions().phases(id));
  line["outputs"] = outputs_of(plan, id);
  return line;
}

Result<int> list(const std::vector<std::string>& words) {
  const platform::RealFileSystem files;
  prepare::PrepareRequest request;
  auto parsed = cli::parse_compile_options(words.front(), {words.begin() + 1, words.end()});
  if (parsed.hand_over) {
    std::fprintf(stderr, "%s\n", parsed.hand_over->c_str());
    return kNotOurs;
  }
  request.command_line = std::move(parsed.command_line);
  request.environment = platform::current_environment();
  PCARGO_ASSIGN(request.current_directory, platform::current_directory());
  request.own_executable = "/proc/self/exe";
  PCARGO_ASSIGN(auto preparation, prepare::prepare(request, files));
  if (!preparation.prepared) {
    std::fprintf(stderr, "%s%s\n", preparation.words.c_str(), preparation.hand_over.value_or("").c_str());
    return preparation.hand_over ? kNotOurs : preparation.exit_code;
  }
  auto& prepared = *preparation.prepared;
  PCARGO_ASSIGN(
      const auto plan,
      plan::BuildPlan::make(std::move(prepared.graph), std::move(prepared.packages), std::move(prepared.settings)));
  plan::ScriptOutputs scripts;
  for (std::uint32_t i = 0; i < plan->graph().units.size(); ++i) {
    if (plan->graph().units[UnitId{i}].mode == cargo::CompileMode::kRunCustomBuild) {
      const cargo::BuildScriptOutput* override_of_links = plan->links_override(UnitId{i});
      scripts.emplace(
          UnitId{i},
          override_of_links != nullptr ? *override_of_links : words_of_script(plan->package(UnitId{i}).name));
    }
  }
  for (std::uint32_t i = 0; i < plan->graph().units.size(); ++i) {
    std::printf("%s\n", describe(*plan, UnitId{i}, scripts).dump().c_str());
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: list_plan COMMAND [OPTIONS]\n");
    return 1;
  }
  auto done = list({argv + 1, argv + argc});
  if (!done) {
    std::fprintf(stderr, "%s\n", done.error().message.c_str());
    for (const std::string& cause : done.error().causes) {
      std::fprintf(stderr, "  %s\n", cause.c_str());
    }
    return kFailure;
  }
  return *done;
}
