// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/os_error.h"

#include <cstring>
#include <utility>

namespace pcargo::platform {

std::string os_error_text(int error_number) {
  char buffer[256] = "";
  // glibc's variant may return a constant string instead of filling the buffer.
#if defined(__GLIBC__) && defined(_GNU_SOURCE)
  std::string text = ::strerror_r(error_number, buffer, sizeof buffer);
#else
  std::string text = ::strerror_r(error_number, buffer, sizeof buffer) == 0 ? buffer : "Unknown error";
#endif
  return text + " (os error " + std::to_string(error_number) + ")";
}

Error os_error(int error_number, std::string doing) {
  return Error{ErrorKind::kEnvironment, std::move(doing), {os_error_text(error_number)}};
}

}  // namespace pcargo::platform
