// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/build_directories.h"

#include "base/path.h"
#include "platform/files.h"
#include "platform/real_file_system.h"

#include <algorithm>
#include <set>
#include <utility>

namespace pcargo::execute {

namespace {

// One name for ever: every version of pcargo must meet at it.
constexpr const char* kLockName = "lock";

constexpr const char* kCacheTag =
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This file is a cache directory tag created by cargo.\n"
    "# For information about cache directory tags see https://bford.info/cachedir/\n";

/// A directory with something in it is somebody's choice: it gets no tag. One with no more than `own` may be ours: made
/// for the lock, or by a pcargo that was killed before it came further.
Result<void> create_tagged(const std::string& directory, const std::string& own) {
  const std::string tag = path::join(directory, "CACHEDIR.TAG");
  PCARGO_TRY(platform::create_directories(directory));
  if (platform::entry_kind(tag) != FileKind::kNone) {
    return {};
  }
  const auto names = platform::RealFileSystem().list(directory);
  const auto is_own = [&](const std::string& name) {
    return path::join(directory, name) == own || name.starts_with(platform::kTemporaryPrefix);
  };
  if (!std::all_of(names.begin(), names.end(), is_own)) {
    return {};
  }
  return platform::write_file_by_rename(tag, kCacheTag);
}

/// Those that get a tag when they are new go first: the others lie in them.
struct Directories {
  std::vector<std::string> tagged;
  std::vector<std::string> plain;
};

Directories directories_of(const plan::BuildPlan& plan) {
  const auto& settings = plan.settings();
  std::set<cargo::PlatformId> platforms{cargo::kHostPlatform};
  for (const auto& unit : plan.graph().units) {
    platforms.insert(unit.platform);
  }
  Directories directories;
  for (auto platform : platforms) {
    const std::string& triple = plan.graph().platforms[platform];
    const std::string below = triple.empty() ? "" : plan::platform_short_name(triple);
    directories.tagged.push_back(path::join(settings.target_directory, below));
    directories.tagged.push_back(path::join(settings.build_directory, below));
    directories.plain.push_back(plan.layout().deps(platform));
    if (const auto artifacts = plan.layout().artifacts(platform)) {
      directories.plain.push_back(path::join(*artifacts, "examples"));
    }
  }
  return directories;
}

}  // namespace

Result<void> create_build_directories(const plan::BuildPlan& plan) {
  const Directories directories = directories_of(plan);
  for (const std::string& directory : directories.tagged) {
    PCARGO_TRY(create_tagged(directory, plan.layout().private_root()));
  }
  for (const std::string& directory : directories.plain) {
    PCARGO_TRY(platform::create_directories(directory));
  }
  return {};
}

std::vector<std::string> build_directories(const plan::BuildPlan& plan) {
  Directories directories = directories_of(plan);
  directories.tagged.insert(directories.tagged.end(), directories.plain.begin(), directories.plain.end());
  return std::move(directories.tagged);
}

Result<platform::FileLock> lock_build_directory(const std::string& private_root,
                                                const std::string& command,
                                                const LockWords& words) {
  PCARGO_TRY(platform::create_directories(private_root));
  const std::string file = path::join(private_root, kLockName);
  PCARGO_ASSIGN(auto lock, platform::FileLock::try_lock(file));
  if (!lock) {
    words.blocked();
    const auto say_who = [&] { words.still_blocked(platform::read_lock_holder(file)); };
    PCARGO_ASSIGN(lock, platform::FileLock::lock(file, say_who));
  }
  if (!lock->is_effective()) {
    words.not_locked();
  }
  lock->sign(platform::this_process(command));
  return *std::move(lock);
}

}  // namespace pcargo::execute
