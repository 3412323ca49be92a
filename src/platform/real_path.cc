// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/real_path.h"

#include <cstdlib>
#include <memory>

namespace pcargo::platform {

std::string real_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr), &std::free);
  return resolved ? std::string(resolved.get()) : path;
}

}  // namespace pcargo::platform
