// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/cargo_lock.h"

#include "base/path.h"
#include "platform/file_lock.h"
#include "platform/files.h"

#include <utility>

namespace pcargo::execute {

namespace {

using platform::FileLock;
using platform::LockMode;

/// The locks of a profile's directory that cargo holds while it writes final files (cargo: compiler/layout.rs).
std::vector<std::pair<const char*, LockMode>> locks_of(const cargo::Capabilities& capabilities) {
  if (!capabilities.has_artifact_lock) {
    return {{".cargo-lock", LockMode::kExclusive}};
  }
  return {{".cargo-lock", LockMode::kShared}, {".cargo-artifact-lock", LockMode::kExclusive}};
}

/// Empty: somebody else holds one of them, or they cannot be had.
std::vector<FileLock> try_to_hold(const std::string& directory, const cargo::Capabilities& capabilities) {
  std::vector<FileLock> held;
  for (const auto& [name, mode] : locks_of(capabilities)) {
    auto lock = FileLock::try_lock(path::join(directory, name), mode);
    if (!lock || !*lock) {
      return {};
    }
    held.push_back(**std::move(lock));
  }
  return held;
}

}  // namespace

Result<void> place_final_files(const plan::BuildPlan& plan, UnitId unit, const std::vector<plan::OutputFile>& outputs) {
  const auto directory = plan.layout().artifacts(plan.graph().units[unit].platform);
  std::vector<FileLock> locks;
  bool has_asked = false;
  for (const auto& output : outputs) {
    if (!output.final_path || platform::is_same_file(output.path, *output.final_path)) {
      continue;
    }
    if (directory && !std::exchange(has_asked, true)) {
      locks = try_to_hold(*directory, plan.settings().toolchain.capabilities);
    }
    PCARGO_TRY(locks.empty() ? platform::copy_by_rename(output.path, *output.final_path)
                             : platform::link_or_copy_by_rename(output.path, *output.final_path));
  }
  return {};
}

}  // namespace pcargo::execute
