// SPDX-License-Identifier: MIT OR Apache-2.0
// A random world around a Scheduler, and a second, naive account of what is true in it. Every decision and every pause
// is held against the invariants; the first one broken ends the run with a sentence about it.
#pragma once

#include "random_graph.h"

#include <cstdint>
#include <optional>
#include <string>

namespace pcargo::test {

/// What a run was made of; how often each thing came up, so that a test can tell that it came up at all.
struct WorldStatistics {
  std::size_t starts = 0;
  std::size_t fresh = 0;
  std::size_t asked_again = 0;
  std::size_t failures = 0;
  std::size_t links_permitted = 0;
  std::size_t late = 0;
  std::size_t gates_cancelled = 0;
  std::size_t stops = 0;
  std::size_t slots_returned = 0;
  std::size_t passed = 0;   ///< by one that memory was enough for
  std::size_t too_big = 0;  ///< for the limit, and run all the same
  std::size_t run_alone = 0;
};

/// Runs one build to its end with random priorities, answers, order of events, failures, grants and interrupts, all
/// made from the seed. nullopt: every invariant held.
std::optional<std::string> broken_invariant(const NodeMap& nodes, std::uint64_t seed, WorldStatistics* statistics);

}  // namespace pcargo::test
