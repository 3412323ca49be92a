// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace pcargo::platform {

bool is_terminal(int descriptor) {
  return ::isatty(descriptor) == 1;
}

std::optional<unsigned> terminal_width(int descriptor) {
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return std::nullopt;
  }
  return size.ws_col;
}

}  // namespace pcargo::platform
