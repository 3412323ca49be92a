// SPDX-License-Identifier: MIT OR Apache-2.0
// The loop that everything outside the pure rooms runs on. Only this room includes <uv.h>.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <functional>
#include <memory>

namespace pcargo::platform {

/// One libuv loop. Callbacks are a few lines: they turn what happened into a value and hand it on.
/// Any callback may destroy the object that called it.
class EventLoop {
 public:
  EventLoop();
  /// Waits for the children that were killed by the destruction of their ChildProcess. Every Timer, watcher and
  /// ChildProcess must be gone by now: one that stays open is a broken promise.
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Runs until stop() is called or nothing is left to wait for.
  void run();
  void stop();
  /// Handles what is already there without waiting.
  void poll();

  /// Monotonic time in nanoseconds, read now (not cached).
  static std::int64_t now_ns();

  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

/// Calls back once after `milliseconds`, or then again and again when `repeat_milliseconds` is not 0. Cancelled by
/// destruction.
class Timer {
 public:
  Timer(EventLoop& loop, std::uint64_t milliseconds, std::uint64_t repeat_milliseconds, std::function<void()> callback);
  ~Timer();
  Timer(Timer&&) noexcept;
  Timer& operator=(Timer&&) noexcept;

  struct Impl;

 private:
  Impl* impl_;
};

/// Calls back on each arrival of a signal while it lives. A signal that we were started with ignored (nohup, a shell's
/// background job) stays ignored, for us and for our children: then this does nothing.
class SignalWatcher {
 public:
  SignalWatcher(EventLoop& loop, int signal_number, std::function<void(int)> callback);
  ~SignalWatcher();
  SignalWatcher(SignalWatcher&&) noexcept;
  SignalWatcher& operator=(SignalWatcher&&) noexcept;

  struct Impl;

 private:
  Impl* impl_;
};

/// Calls back whenever a descriptor is readable or its other end is gone (level-triggered). Does not own the
/// descriptor, which must outlive this; makes its open file description nonblocking.
class ReadableWatcher {
 public:
  ReadableWatcher(EventLoop& loop, int descriptor, std::function<void()> callback);
  ~ReadableWatcher();
  ReadableWatcher(ReadableWatcher&&) noexcept;
  ReadableWatcher& operator=(ReadableWatcher&&) noexcept;

  struct Impl;

 private:
  Impl* impl_;
};

}  // namespace pcargo::platform
