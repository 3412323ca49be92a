// SPDX-License-Identifier: MIT OR Apache-2.0
// What the system lets us have: descriptors and processors.
#pragma once

#include "base/result.h"

#include <cstdint>

namespace pcargo::platform {

/// Raises the soft limit on open descriptors to the hard one: every running child costs us three. Children keep the
/// limit that we were started with (a program that closes every possible descriptor would take minutes for a million).
void raise_descriptor_limit();

/// While it lives, the limit is what it was before raise_descriptor_limit(): around the start of a child.
class OriginalDescriptorLimit {
 public:
  OriginalDescriptorLimit();
  ~OriginalDescriptorLimit();
  OriginalDescriptorLimit(const OriginalDescriptorLimit&) = delete;
  OriginalDescriptorLimit& operator=(const OriginalDescriptorLimit&) = delete;
};

/// How many descriptors may be open now (the soft limit).
std::uint64_t descriptor_limit();

/// Fails where not even the loop and one child would find theirs.
Result<void> confirm_descriptors();

/// How many jobs of `descriptors` each there is room for beside what is open now and what we open in passing; at least
/// 1: whether even that one finds its descriptors it will tell itself.
unsigned room_for_jobs(unsigned descriptors);

/// As Rust's available_parallelism, which cargo takes for `-j`: the processors this process may run on, less where a
/// cgroup's quota allows less; at least 1.
unsigned available_parallelism();

}  // namespace pcargo::platform
