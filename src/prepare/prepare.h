// SPDX-License-Identifier: MIT OR Apache-2.0
// From a command line to the inputs of a plan: starts cargo's planning runs and the rustc probes at the same time,
// reads what they say and what lies on disk. Where none of their inputs changed since an earlier command, their answers
// of then are read, and none is started. Leaves nothing in the target directory.
#pragma once

#include "base/environment.h"
#include "base/file_system.h"
#include "base/result.h"
#include "cargo/config.h"
#include "cargo/metadata_reader.h"
#include "cargo/package.h"
#include "cargo/unit_graph.h"
#include "plan/settings.h"
#include "prepare/base_profile.h"
#include "prepare/command_line.h"
#include "prepare/plan_inputs.h"
#include "prepare/probe_run.h"
#include "prepare/toolchain.h"

#include <optional>
#include <string>
#include <vector>

namespace pcargo::prepare {

struct PrepareRequest {
  CommandLine command_line;
  Environment environment;        ///< ours
  std::string current_directory;  ///< absolute
  std::string own_executable;
  int cores = 1;  ///< what "all" is for -j
  bool stderr_is_terminal = false;
  std::optional<int> terminal_width = {};  ///< of stderr, when it is a terminal
};

/// Every path that preparing went by.
struct PreparedFrom {
  std::vector<PlanInput> inputs;  ///< found to be so in this command
  std::vector<std::pair<std::string, PlanInput::How>> also_read;
};

/// Everything that the plan of a build is made from. The settings are made of the rest.
struct Prepared {
  CargoProgram cargo;
  std::string cargo_version;
  bool nightly_features_allowed = false;
  cargo::Config config;
  RustcCommand rustc;
  std::string rustdoc;
  ProbeAnswer probes;
  cargo::UnitGraph graph;
  cargo::WorkspaceMetadata metadata;
  IdMap<cargo::PackageId, cargo::Package> packages;
  plan::Settings settings = {};
  BaseProfileValues base_profile = {};
  bool cargo_told_collisions = false;     ///< it looks for them when it makes a build plan
  std::optional<PreparedFrom> from = {};  ///< nullopt: nobody knows all of it
};

/// How preparing ended.
struct Preparation {
  std::optional<Prepared> prepared;

  /// Not ours: run plain cargo with the same words. Why, for `-v`; the program and environment to use.
  std::optional<std::string> hand_over;
  std::optional<CargoProgram> cargo;

  /// Neither: leave with this code. The user knows why, once `words` are on stderr (as they are; mostly empty).
  int exit_code = 0;
  std::string words = {};
};

Result<Preparation> prepare(const PrepareRequest& request, const FileSystem& files);

}  // namespace pcargo::prepare
