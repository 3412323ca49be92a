// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/resource_limits.h"

#include "platform/cpu_quota.h"
#include "platform/os_error.h"
#include "platform/real_file_system.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <optional>

namespace pcargo::platform {
namespace {

struct RaisedLimit {
  rlimit original;
  rlimit raised;
};

// Set once at start, before there is a second thread.
std::optional<RaisedLimit> raised_limit;

std::uint64_t descriptors_left() {
  const std::uint64_t open = RealFileSystem().list("/proc/self/fd").size();  // one more: that of the listing
  const std::uint64_t limit = descriptor_limit();
  return limit > open ? limit - open : 0;
}

/// Processors that the scheduler may put us on; where there are more than a cpu_set_t holds, those that are there.
std::size_t usable_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0) {
    return static_cast<std::size_t>(CPU_COUNT(&set));
  }
  return static_cast<std::size_t>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
}

}  // namespace

void raise_descriptor_limit() {
  rlimit original{};
  if (raised_limit || ::getrlimit(RLIMIT_NOFILE, &original) != 0 || original.rlim_cur >= original.rlim_max) {
    return;
  }
  const rlimit raised{original.rlim_max, original.rlim_max};
  if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) {
    raised_limit = RaisedLimit{original, raised};
  }
}

OriginalDescriptorLimit::OriginalDescriptorLimit() {
  if (raised_limit) {
    ::setrlimit(RLIMIT_NOFILE, &raised_limit->original);
  }
}

OriginalDescriptorLimit::~OriginalDescriptorLimit() {
  if (raised_limit) {
    ::setrlimit(RLIMIT_NOFILE, &raised_limit->raised);
  }
}

std::uint64_t descriptor_limit() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 256;
}

Result<void> confirm_descriptors() {
  constexpr std::uint64_t kLeast = 16;
  if (const auto left = descriptors_left(); left < kLeast) {
    return os_error(EMFILE,
                    "a build needs " + std::to_string(kLeast) + " descriptors, and the limit (`ulimit -n`) leaves " +
                        std::to_string(left));
  }
  return {};
}

unsigned room_for_jobs(unsigned descriptors) {
  // Libraries that are loaded late, directories that are walked, files that are read.
  constexpr std::uint64_t kInPassing = 24;
  const std::uint64_t left = descriptors_left();
  const std::uint64_t room = left > kInPassing ? (left - kInPassing) / descriptors : 0;
  return static_cast<unsigned>(std::clamp<std::uint64_t>(room, 1, std::numeric_limits<int>::max()));
}

unsigned available_parallelism() {
  const std::size_t quota = cpu_quota(RealFileSystem()).value_or(std::numeric_limits<std::size_t>::max());
  return static_cast<unsigned>(std::max<std::size_t>(1, std::min(usable_processors(), quota)));
}

}  // namespace pcargo::platform
