// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/plan_source.h"

#include "base/path.h"
#include "cargo/build_plan_reader.h"
#include "platform/files.h"
#include "prepare/build_options.h"

#include <algorithm>
#include <utility>

namespace pcargo::prepare {
namespace {

/// Does the command ask for the bin itself? Patterns are cargo's to match: with one, any may be meant.
bool asks_for_bin(const PlanRequest& request, const plan::TargetSelection& selection, const std::string& name) {
  const bool selects = selection.lib || selection.bins || selection.examples || selection.tests || selection.benches;
  if (selection.all_targets || !selects || has_flag(request.arguments, "--bins")) {
    return true;
  }
  const auto named = option_values(request.arguments, "--bin");
  return std::any_of(named.begin(), named.end(), [&](const std::string& pattern) {
    return pattern == name || pattern.find_first_of("*?[") != std::string::npos;
  });
}

}  // namespace

Result<std::optional<PlanSource>> chosen_plan_source(const Environment& environment) {
  const std::string choice = environment.get("PCARGO_PLAN_SOURCE").value_or("auto");
  if (choice == "auto") {
    return std::optional<PlanSource>();
  }
  if (choice == "unit-graph" || choice == "build-plan") {
    return std::optional(choice == "unit-graph" ? PlanSource::kUnitGraph : PlanSource::kBuildPlan);
  }
  return Error{ErrorKind::kUsage,
               "PCARGO_PLAN_SOURCE must be `auto`, `unit-graph` or `build-plan`, but is `" + choice + "`"};
}

Result<std::string> read_build_plan_file(const FileSystem& files,
                                         const std::string& file,
                                         const std::string& directory) {
  if (file == "-") {
    return platform::read_file("/dev/stdin");
  }
  PCARGO_ASSIGN(auto text, files.read(path::join(directory, file)));
  if (!text) {
    return Error{ErrorKind::kInput, "no build plan at `" + file + "`"};
  }
  return *std::move(text);
}

Result<cargo::UnitGraph> graph_of_build_plan(std::string_view json, const BuildPlanQuestion& question) {
  const auto& [metadata, files, request, line, probes, cargo_version, cargo_home, is_given] = question;
  PCARGO_ASSIGN(auto lock_file, files.read(path::join(metadata.workspace_root, "Cargo.lock")));
  cargo::BuildPlanContext context{metadata, files, std::move(lock_file).value_or(""), requested_profile(line)};
  for (const ProbedTarget& probed : probes.targets) {
    context.rustflags.emplace(probed.target.value_or(""), probed.rustflags);
  }
  const PlanRequest& asked = request;
  const plan::TargetSelection& selection = line.selection;
  context.asks_for_bin = [&](const std::string& name) { return asks_for_bin(asked, selection, name); };
  context.capabilities = cargo::capabilities_of(cargo_version);
  if (is_given) {
    context.profile_directory = profile_directory(context.profile_name);
    context.here.emplace(cargo::Surroundings{metadata, files, cargo_home, probes.targets.front().probe.sysroot});
  }
  return cargo::read_build_plan(json, context);
}

}  // namespace pcargo::prepare
