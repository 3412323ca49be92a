// SPDX-License-Identifier: MIT OR Apache-2.0
// What cargo and rustc read while they answer, beyond what we read ourselves (prepare/recording_files.h): manifests
// that nothing in the graph shows, the directories that target discovery lists, members' globs, programs, downloaded
// sources. Names paths; looks at disk only to find more of them. Too many paths cost a look, one too few a wrong build:
// what cannot be listed is refused.
#pragma once

#include "base/environment.h"
#include "base/file_system.h"
#include "cargo/config.h"
#include "cargo/metadata_reader.h"
#include "cargo/package.h"
#include "cargo/unit_graph.h"
#include "prepare/command_line.h"
#include "prepare/plan_inputs.h"
#include "prepare/probe_run.h"
#include "prepare/toolchain.h"

#include <string>
#include <vector>

namespace pcargo::prepare {

/// Does the command depend on something that has no list of inputs?
bool is_beyond_listing(const cargo::Config& config, const Environment& environment, const CommandLine& line);

/// What can be named before anything is started.
void add_places(const CargoProgram& cargo,
                const std::string& current_directory,
                const CommandLine& line,
                PlanInputs* inputs);

struct PlannedInputs {
  const FileSystem& files;
  const CargoProgram& cargo;
  const cargo::Config& config;
  const RustcCommand& rustc;
  const ProbeAnswer& probes;
  const cargo::UnitGraph& graph;
  const cargo::WorkspaceMetadata& metadata;
  const IdMap<cargo::PackageId, cargo::Package>& packages;
};

/// What is known once there is a plan. False: it depends on something that has no list.
bool add_planned(const PlannedInputs& planned, PlanInputs* inputs);

}  // namespace pcargo::prepare
