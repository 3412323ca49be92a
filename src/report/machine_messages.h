// SPDX-License-Identifier: MIT OR Apache-2.0
// Cargo's JSON messages (src/cargo/util/machine_message.rs): one line each, fields in cargo's order, no line break.
#pragma once

#include "cargo/build_script_output.h"
#include "cargo/package.h"
#include "cargo/unit_graph.h"
#include "plan/build_plan.h"

#include <string>
#include <string_view>
#include <vector>

namespace pcargo::report {

/// `message` is JSON and goes in as it is.
std::string compiler_message(const cargo::Package& package, const cargo::Target& target, std::string_view message);

/// `files` are those that exist. The graph's modes must tell check from check-as-test (plan/check_modes).
std::string compiler_artifact(const cargo::UnitGraph& graph,
                              UnitId unit,
                              const cargo::Package& package,
                              const std::vector<plan::OutputFile>& files,
                              bool fresh);

std::string build_script_executed(const cargo::Package& package,
                                  const cargo::BuildScriptOutput& output,
                                  std::string_view out_dir);

std::string build_finished(bool success);

}  // namespace pcargo::report
