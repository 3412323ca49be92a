// SPDX-License-Identifier: MIT OR Apache-2.0
// Inside this room only: how libuv handles live and die.
// A handle's memory may go only in its close callback, so the inner object is on the heap and deletes itself there; the
// public object is a pointer that closes it.
#pragma once

#include "base/check.h"
#include "platform/child_process.h"
#include "platform/event_loop.h"

#include <uv.h>

#include <cstddef>
#include <vector>

namespace pcargo::platform {

struct EventLoop::Impl {
  static constexpr std::size_t kReadBufferSize = std::size_t{64} << 10;

  uv_loop_t loop;
  std::vector<char> read_buffer = std::vector<char>(kReadBufferSize);
  std::vector<ChildProcess::Impl*> children;  ///< those that are not over
  int dying_children = 0;  ///< killed by their owner's destruction and not reaped yet: ~EventLoop waits for them
};

/// One `Handle` (uv_timer_t, ...) that deletes its `Derived` in the close callback.
template <class Derived, class Handle>
class UvHandle {
 public:
  Handle handle{};

  void close() {
    ::uv_close(base(), [](uv_handle_t* closed) { delete static_cast<Derived*>(closed->data); });
  }

  static Derived& of(Handle* handle) { return *static_cast<Derived*>(handle->data); }

 protected:
  UvHandle() { base()->data = static_cast<Derived*>(this); }
  ~UvHandle() = default;

 private:
  uv_handle_t* base() { return reinterpret_cast<uv_handle_t*>(&handle); }
};

}  // namespace pcargo::platform
