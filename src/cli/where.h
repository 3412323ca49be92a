// SPDX-License-Identifier: MIT OR Apache-2.0
// Where the directories of a workspace are, for commands that make no plan: cargo is asked.
#pragma once

#include "cargo/metadata_reader.h"
#include "cli/hand_over.h"
#include "prepare/toolchain.h"

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace pcargo::cli {

/// nullopt: cargo cannot say. `words`: what the answer depends on (--manifest-path, --config, ...). `complaint` is
/// filled with what cargo said then.
std::optional<cargo::WorkspaceMetadata> ask_where(const Session& session,
                                                  const prepare::CargoProgram& cargo,
                                                  const std::vector<std::string>& words,
                                                  std::string* complaint = nullptr);

/// The directory with everything of ours.
std::string private_root(const cargo::WorkspaceMetadata& metadata);

/// --manifest-path, --target-dir and --config of a command that reads what an earlier one left.
class WhereOptions {
 public:
  /// `app` outlives this, and is parsed before the questions are asked.
  explicit WhereOptions(CLI::App& app);

  /// Fails when there is no cargo that could say, or it complains.
  Result<cargo::WorkspaceMetadata> find(const Session& session, const std::optional<std::string>& toolchain) const;

 private:
  std::vector<std::string> words() const;

  const CLI::Option* manifest_;
  const CLI::Option* target_;
  const CLI::Option* config_;
};

/// Takes a value, each time it is given.
CLI::Option* add_value(CLI::App& app, const char* name);

/// The same, or none: "" then.
CLI::Option* add_optional_value(CLI::App& app, const char* name);

/// What is left over is not looked at. `arguments` in the order in which they were typed.
Result<void> parse_words(CLI::App& app, std::vector<std::string> arguments);

}  // namespace pcargo::cli
