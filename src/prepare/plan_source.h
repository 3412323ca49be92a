// SPDX-License-Identifier: MIT OR Apache-2.0
// Cargo tells what it would build in one of two texts: the unit graph, or, up to 1.92 and of `build` only, the build
// plan. Which one is asked for, and what reading a build plan takes beside its text. Behind this nobody knows which it
// was.
#pragma once

#include "base/environment.h"
#include "base/file_system.h"
#include "base/result.h"
#include "cargo/metadata_reader.h"
#include "cargo/unit_graph.h"
#include "prepare/command_line.h"
#include "prepare/planner.h"
#include "prepare/probe_run.h"

#include <optional>
#include <string>
#include <string_view>

namespace pcargo::prepare {

enum class PlanSource { kUnitGraph, kBuildPlan };

/// PCARGO_PLAN_SOURCE: `unit-graph`, `build-plan`, or `auto` (nullopt): the build plan where cargo has no unit graph.
Result<std::optional<PlanSource>> chosen_plan_source(const Environment& environment);

/// The text of `--build-plan FILE`; "-" is standard input.
Result<std::string> read_build_plan_file(const FileSystem& files,
                                         const std::string& file,
                                         const std::string& directory);

struct BuildPlanQuestion {
  const cargo::WorkspaceMetadata& metadata;
  const FileSystem& files;
  const PlanRequest& request;
  const CommandLine& line;
  const ProbeAnswer& probes;
  const std::string& cargo_version;
  const std::string& cargo_home;
  bool is_given = false;  ///< by the user: it may have been made elsewhere
};

Result<cargo::UnitGraph> graph_of_build_plan(std::string_view json, const BuildPlanQuestion& question);

}  // namespace pcargo::prepare
