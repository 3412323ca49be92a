// SPDX-License-Identifier: MIT OR Apache-2.0
// For benchmarks: what this process has cost so far, whatever else the machine does.
#pragma once

#include <ctime>

namespace pcargo::test {

inline double processor_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

}  // namespace pcargo::test
