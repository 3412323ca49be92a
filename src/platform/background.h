// SPDX-License-Identifier: MIT OR Apache-2.0
// Work on a thread of its own, beside the loop. Signals are the loop's: none is delivered there.
#pragma once

#include <signal.h>

#include <future>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

namespace pcargo::platform {

/// Begins at once; nullopt: there is no thread to be had. The future waits for it when it goes.
template <class Work>
std::optional<std::future<std::invoke_result_t<Work>>> in_background(Work work) {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);  // a thread begins with the mask of who started it
  std::optional<std::future<std::invoke_result_t<Work>>> result;
  try {
    result = std::async(std::launch::async, std::move(work));
  } catch (const std::system_error&) {
    result.reset();
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return result;
}

}  // namespace pcargo::platform
