// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/signal_relay.h"

#include "platform/process.h"
#include "platform/uv_handle.h"

#include <signal.h>

namespace pcargo::platform {
namespace {

constexpr std::uint64_t kGraceMs = 2000;

}  // namespace

SignalRelay::SignalRelay(EventLoop& loop) : loop_(loop) {
  for (const int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    watchers_.emplace_back(loop, signal_number, [this](int number) { received(number); });
  }
}

void SignalRelay::run() {
  while (!loop_.impl().children.empty()) {
    ::uv_run(&loop_.impl().loop, UV_RUN_ONCE);
  }
  // What came last is not lost, and what comes from now on finds nobody in between.
  loop_.poll();
  watchers_.clear();
  grace_.reset();
  if (signal_ != 0) {
    die_of_signal(signal_);
  }
}

void SignalRelay::received(int signal_number) {
  if (signal_ != 0) {
    ChildProcess::signal_all(loop_, SIGKILL);
    return;
  }
  signal_ = signal_number;
  ChildProcess::signal_all(loop_, signal_number);
  // A child that has stopped itself would never look at the signal.
  ChildProcess::signal_all(loop_, SIGCONT);
  grace_.emplace(loop_, kGraceMs, 0, [this] { ChildProcess::signal_all(loop_, SIGKILL); });
}

}  // namespace pcargo::platform
