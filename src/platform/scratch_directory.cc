// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/scratch_directory.h"

#include "base/path.h"
#include "platform/files.h"
#include "platform/os_error.h"

#include <cerrno>
#include <cstdlib>

namespace pcargo::platform {

Result<ScratchDirectory> ScratchDirectory::make(const std::string& parent, const std::string& name) {
  std::string path = path::join(parent, name + "-XXXXXX");
  if (::mkdtemp(path.data()) == nullptr) {
    return os_error(errno, "failed to make a directory in `" + parent + "`");
  }
  return ScratchDirectory(std::move(path));
}

ScratchDirectory::~ScratchDirectory() {
  if (!path_.empty()) {
    (void)remove_tree(path_);
  }
}

}  // namespace pcargo::platform
