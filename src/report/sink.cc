// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/sink.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace pcargo::report {

void DescriptorSink::write(std::string_view bytes) {
  while (!bytes.empty() && !broken_) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      // Somebody else made the shared terminal or pipe non-blocking: wait for room.
      pollfd wait = {descriptor_, POLLOUT, 0};
      ::poll(&wait, 1, -1);
    } else if (errno != EINTR) {
      broken_ = true;
    }
  }
}

}  // namespace pcargo::report
