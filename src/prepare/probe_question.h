// SPDX-License-Identifier: MIT OR Apache-2.0
// What rustc is asked for one command, by its words, its config and its environment; and asked again when more is
// known.
#pragma once

#include "base/result.h"
#include "cargo/config.h"
#include "cargo/unit_graph.h"
#include "prepare/answers.h"
#include "prepare/command_line.h"
#include "prepare/probe_run.h"
#include "prepare/toolchain.h"

#include <optional>
#include <string>
#include <vector>

namespace pcargo::prepare {

/// What the command gives; all of it outlives the questions.
struct ProbeSources {
  const CommandLine& line;
  const CargoProgram& cargo;
  const cargo::Config& config;
  const std::string& current_directory;
};

/// The compiler, its wrappers and rustdoc, as cargo finds them.
struct RustcTools {
  RustcCommand rustc;
  std::string rustdoc;
};

Result<RustcTools> find_rustc_tools(const ProbeSources& sources);

/// `given`: the unit graph, where cargo is not asked for one; its targets must be those of the command.
Result<ProbeQuestion> probe_question(const ProbeSources& sources,
                                     const RustcCommand& rustc,
                                     const std::optional<cargo::UnitGraph>& given,
                                     std::vector<int> inherited_descriptors);

/// The flags once more, from another state of config than the probes were made with.
Result<void> renew_rustflags(const ProbeSources& sources, ProbeAnswer* probes);

/// What rustc was not asked about before the graph named it: targets of single packages or dependencies.
Result<void> ask_about_missing_targets(const ProbeSources& sources,
                                       const RustcCommand& rustc,
                                       const cargo::UnitGraph& graph,
                                       Answers* answers,
                                       ProbeAnswer* probes);

}  // namespace pcargo::prepare
