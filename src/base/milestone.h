// SPDX-License-Identifier: MIT OR Apache-2.0
// The words every room shares about how far a unit has come and how it ended.
#pragma once

#include <cstdint>

namespace pcargo {

/// What a unit reaches on its way, in this order.
enum class Milestone : std::uint8_t {
  kMetadata,  ///< its .rmeta is complete: dependents that need no object code may start
  kObjects,   ///< a linking unit has its object files and waits at the link gate
  kArtifact,  ///< everything it makes is complete
  kClosure,   ///< kArtifact of the unit and of everything below it: what a link needs (cargo: job_queue, enqueue)
};

/// How a unit ended.
enum class Outcome : std::uint8_t { kSuccess, kFailure, kCancelled };

}  // namespace pcargo
