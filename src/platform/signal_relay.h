// SPDX-License-Identifier: MIT OR Apache-2.0
// While we only wait for children, a signal that ends us must end them first: nobody else would. Knows nothing of what
// they do.
#pragma once

#include "platform/event_loop.h"

#include <optional>
#include <vector>

namespace pcargo::platform {

/// Hands SIGINT, SIGTERM, SIGHUP and SIGQUIT on to all children of a loop. Those that are still there after a grace, or
/// at a second signal, are killed.
class SignalRelay {
 public:
  explicit SignalRelay(EventLoop& loop);

  /// Once: runs the loop until no child is left. Does not return if a signal came: then we die of it.
  void run();

 private:
  void received(int signal_number);

  EventLoop& loop_;
  std::vector<SignalWatcher> watchers_;
  std::optional<Timer> grace_;
  int signal_ = 0;
};

}  // namespace pcargo::platform
