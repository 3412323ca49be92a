// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/private_directory.h"

#include "base/path.h"
#include "platform/files.h"

#include <sys/stat.h>
#include <unistd.h>

namespace pcargo::platform {
namespace {

constexpr mode_t kOthers = 077;
constexpr mode_t kOwnerOnly = 0700;

}  // namespace

bool is_private_directory(const std::string& path) {
  struct stat about {};
  return ::lstat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode) && about.st_uid == ::geteuid() &&
         (about.st_mode & kOthers) == 0;
}

bool make_private_directory(const std::string& path) {
  if (is_private_directory(path)) {
    return true;
  }
  if (!create_directories(std::string(path::parent(path)))) {
    return false;
  }
  return ::mkdir(path.c_str(), kOwnerOnly) == 0 && is_private_directory(path);
}

}  // namespace pcargo::platform
