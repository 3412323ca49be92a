// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/boot.h"

#include "platform/files.h"

namespace pcargo::platform {

std::string boot_id() {
  auto text = read_file("/proc/sys/kernel/random/boot_id");
  return text ? *std::move(text) : std::string();
}

}  // namespace pcargo::platform
