// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/processor.h"

#include "platform/descriptor.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string_view>

namespace pcargo::platform {

std::string processor_name() {
  // The first processor's lines are enough: with many, the kernel takes milliseconds to write them all.
  const Descriptor file(::open("/proc/cpuinfo", O_RDONLY | O_CLOEXEC));
  std::array<char, 2048> buffer{};
  const auto size = file ? ::read(file.get(), buffer.data(), buffer.size()) : -1;
  if (size <= 0) {
    return {};
  }
  const std::string_view text(buffer.data(), static_cast<std::size_t>(size));
  constexpr std::string_view kField = "model name";
  const auto field = text.find(kField);
  const auto colon = text.find(": ", field == std::string_view::npos ? text.size() : field);
  if (colon == std::string_view::npos) {
    return {};
  }
  return std::string(text.substr(colon + 2, text.find('\n', colon) - colon - 2));
}

}  // namespace pcargo::platform
