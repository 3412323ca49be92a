// SPDX-License-Identifier: MIT OR Apache-2.0
// A unit graph that is given in place of a question to cargo: read from a file or stdin, and held against the command
// line. What the graph says (profile, target) need not be said again, and what it says otherwise is refused.
#pragma once

#include "base/file_system.h"
#include "base/result.h"
#include "cargo/unit_graph.h"
#include "prepare/command_line.h"

#include <string>

namespace pcargo::prepare {

/// The whole text of a file, or of stdin for "-". A file that is not there is an error.
Result<std::string> read_given_text(const FileSystem& files, const std::string& path);

/// Refuses what would have no effect (packages, features, targets' names), and graphs of other commands. Sets profile
/// and targets as they must have been when the graph was made.
Result<void> agree_on_graph(const cargo::UnitGraph& graph, CommandLine* line);

/// `targets`: what command line and config ask for, as rustc takes them.
Result<void> check_targets_of_graph(const cargo::UnitGraph& graph, const std::vector<std::string>& targets);

}  // namespace pcargo::prepare
