// SPDX-License-Identifier: MIT OR Apache-2.0
// Preloaded: a file system that knows no locks.
#include <cerrno>

extern "C" int flock(int /*descriptor*/, int /*operation*/) {
  errno = ENOSYS;
  return -1;
}
