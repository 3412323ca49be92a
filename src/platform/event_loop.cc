// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/event_loop.h"

#include "platform/uv_handle.h"

#include <signal.h>

#include <utility>

namespace pcargo::platform {

EventLoop::EventLoop() : impl_(std::make_unique<Impl>()) {
  PCARGO_CHECK(::uv_loop_init(&impl_->loop) == 0);
}

EventLoop::~EventLoop() {
  while (impl_->dying_children > 0) {
    ::uv_run(&impl_->loop, UV_RUN_ONCE);
  }
  // An open handle would make the run below wait for ever; better to say so.
  ::uv_walk(
      &impl_->loop, [](uv_handle_t* handle, void*) { PCARGO_CHECK(::uv_is_closing(handle)); }, nullptr);
  while (::uv_loop_alive(&impl_->loop) != 0) {
    ::uv_run(&impl_->loop, UV_RUN_DEFAULT);
  }
  PCARGO_CHECK(::uv_loop_close(&impl_->loop) == 0);
}

void EventLoop::run() {
  ::uv_run(&impl_->loop, UV_RUN_DEFAULT);
}

void EventLoop::stop() {
  ::uv_stop(&impl_->loop);
}

void EventLoop::poll() {
  ::uv_run(&impl_->loop, UV_RUN_NOWAIT);
}

std::int64_t EventLoop::now_ns() {
  return static_cast<std::int64_t>(::uv_hrtime());
}

namespace {

/// What the three public classes share: they close what they point to.
template <class Impl>
void close(Impl*& impl) {
  if (impl != nullptr) {
    std::exchange(impl, nullptr)->close();
  }
}

template <class Impl>
void take(Impl*& mine, Impl*& theirs) {
  if (&mine != &theirs) {
    close(mine);
    mine = std::exchange(theirs, nullptr);
  }
}

bool is_ignored(int signal_number) {
  struct sigaction action {};
  return ::sigaction(signal_number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

struct Timer::Impl : UvHandle<Timer::Impl, uv_timer_t> {
  std::function<void()> callback;
};

Timer::Timer(EventLoop& loop,
             std::uint64_t milliseconds,
             std::uint64_t repeat_milliseconds,
             std::function<void()> callback)
    : impl_(new Impl) {
  impl_->callback = std::move(callback);
  PCARGO_CHECK(::uv_timer_init(&loop.impl().loop, &impl_->handle) == 0);
  // The loop's idea of now is as old as its current round.
  ::uv_update_time(&loop.impl().loop);
  const auto on_timer = [](uv_timer_t* handle) { Impl::of(handle).callback(); };
  PCARGO_CHECK(::uv_timer_start(&impl_->handle, on_timer, milliseconds, repeat_milliseconds) == 0);
}

Timer::~Timer() {
  close(impl_);
}
Timer::Timer(Timer&& other) noexcept : impl_(std::exchange(other.impl_, nullptr)) {}
Timer& Timer::operator=(Timer&& other) noexcept {
  take(impl_, other.impl_);
  return *this;
}

struct SignalWatcher::Impl : UvHandle<SignalWatcher::Impl, uv_signal_t> {
  std::function<void(int)> callback;
};

SignalWatcher::SignalWatcher(EventLoop& loop, int signal_number, std::function<void(int)> callback) : impl_(nullptr) {
  if (is_ignored(signal_number)) {
    return;
  }
  impl_ = new Impl;
  impl_->callback = std::move(callback);
  PCARGO_CHECK(::uv_signal_init(&loop.impl().loop, &impl_->handle) == 0);
  const auto on_signal = [](uv_signal_t* handle, int number) { Impl::of(handle).callback(number); };
  PCARGO_CHECK(::uv_signal_start(&impl_->handle, on_signal, signal_number) == 0);
}

SignalWatcher::~SignalWatcher() {
  close(impl_);
}
SignalWatcher::SignalWatcher(SignalWatcher&& other) noexcept : impl_(std::exchange(other.impl_, nullptr)) {}
SignalWatcher& SignalWatcher::operator=(SignalWatcher&& other) noexcept {
  take(impl_, other.impl_);
  return *this;
}

struct ReadableWatcher::Impl : UvHandle<ReadableWatcher::Impl, uv_poll_t> {
  std::function<void()> callback;
};

ReadableWatcher::ReadableWatcher(EventLoop& loop, int descriptor, std::function<void()> callback) : impl_(new Impl) {
  impl_->callback = std::move(callback);
  PCARGO_CHECK(::uv_poll_init(&loop.impl().loop, &impl_->handle, descriptor) == 0);
  const auto on_readable = [](uv_poll_t* handle, int, int) { Impl::of(handle).callback(); };
  PCARGO_CHECK(::uv_poll_start(&impl_->handle, UV_READABLE, on_readable) == 0);
}

ReadableWatcher::~ReadableWatcher() {
  close(impl_);
}
ReadableWatcher::ReadableWatcher(ReadableWatcher&& other) noexcept : impl_(std::exchange(other.impl_, nullptr)) {}
ReadableWatcher& ReadableWatcher::operator=(ReadableWatcher&& other) noexcept {
  take(impl_, other.impl_);
  return *this;
}

}  // namespace pcargo::platform
