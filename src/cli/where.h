// SPDX-License-Identifier: MIT OR Apache-2.0
// Where the directories of a workspace are, for commands that make no plan: cargo is asked.
#pragma once

#include "cargo/metadata_reader.h"
#include "cli/hand_over.h"
#include "prepare/toolchain.h"

#include <optional>
#include <string>
#include <vector>

namespace pcargo::cli {

/// nullopt: cargo cannot say. `words`: what the answer depends on (--manifest-path, --config, ...). `complaint` is
/// filled with what cargo said then.
std::optional<cargo::WorkspaceMetadata> ask_where(const Session& session,
                                                  const prepare::CargoProgram& cargo,
                                                  const std::vector<std::string>& words,
                                                  std::string* complaint = nullptr);

/// The directory with everything of ours.
std::string private_root(const cargo::WorkspaceMetadata& metadata);

}  // namespace pcargo::cli
