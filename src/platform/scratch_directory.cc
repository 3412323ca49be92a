// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/scratch_directory.h"

#include "base/path.h"
#include "platform/file_lock.h"
#include "platform/files.h"
#include "platform/os_error.h"
#include "platform/private_directory.h"
#include "platform/real_file_system.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/vfs.h>

#include <cerrno>
#include <cstdlib>

namespace pcargo::platform {
namespace {

constexpr std::string_view kRandomPart = "-XXXXXX";

Descriptor open_directory(const std::string& path) {
  return Descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

/// Of a process of another machine no lock would tell.
bool is_on_network(const Descriptor& directory) {
  struct statfs about {};
  return ::fstatfs(directory.get(), &about) != 0 || is_network_file_system(about.f_type);
}

void remove_abandoned(const std::string& parent, const std::string& name) {
  for (const std::string& entry : RealFileSystem().list(parent)) {
    if (entry.size() != name.size() + kRandomPart.size() || !entry.starts_with(name + "-")) {
      continue;
    }
    const std::string path = path::join(parent, entry);
    const Descriptor directory = open_directory(path);
    if (directory && is_private_directory(path) && !is_on_network(directory) &&
        ::flock(directory.get(), LOCK_EX | LOCK_NB) == 0) {
      (void)remove_tree(path);
    }
  }
}

}  // namespace

Result<ScratchDirectory> ScratchDirectory::make(const std::string& parent, const std::string& name) {
  remove_abandoned(parent, name);
  while (true) {
    std::string path = path::join(parent, name + std::string(kRandomPart));
    if (::mkdtemp(path.data()) == nullptr) {
      return os_error(errno, "failed to make a directory in `" + parent + "`");
    }
    Descriptor lock = open_directory(path);
    (void)::flock(lock.get(), LOCK_EX);
    // Before it was locked somebody may have taken it for abandoned.
    if (is_private_directory(path)) {
      return ScratchDirectory(std::move(path), std::move(lock));
    }
  }
}

ScratchDirectory::~ScratchDirectory() {
  if (!path_.empty()) {
    (void)remove_tree(path_);
  }
}

}  // namespace pcargo::platform
