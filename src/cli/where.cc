// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/where.h"

#include "base/path.h"
#include "platform/child_process.h"

namespace pcargo::cli {

std::optional<cargo::WorkspaceMetadata> ask_where(const Session& session,
                                                  const prepare::CargoProgram& cargo,
                                                  const std::vector<std::string>& words,
                                                  std::string* complaint) {
  platform::SpawnOptions spawn;
  spawn.argv = {cargo.path, "metadata", "--no-deps", "--format-version", "1"};
  spawn.argv.insert(spawn.argv.end(), words.begin(), words.end());
  spawn.environment = cargo.environment.to_block();
  spawn.search_path = session.environment.get("PATH").value_or("");
  const auto answer = platform::run_to_end(spawn);
  if (!answer || !answer->status.success()) {
    if (answer && complaint != nullptr) {
      *complaint = answer->err;
    }
    return std::nullopt;
  }
  auto metadata = cargo::read_metadata(answer->out);
  return metadata ? std::optional(*std::move(metadata)) : std::nullopt;
}

std::string private_root(const cargo::WorkspaceMetadata& metadata) {
  return path::join(metadata.build_directory.value_or(metadata.target_directory), "pcargo");
}

}  // namespace pcargo::cli
