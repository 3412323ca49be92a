// SPDX-License-Identifier: MIT OR Apache-2.0
// Units by rank: higher priority first, then the lower id. Entries are not removed when they become untrue; the caller
// says which still are when it looks at the top.
#pragma once

#include "base/ids.h"

#include <cstdint>
#include <queue>
#include <vector>

namespace pcargo::schedule {

struct Ranked {
  std::int64_t priority = 0;
  UnitId unit;

  /// The greater one goes first.
  bool operator<(const Ranked& other) const {
    return priority != other.priority ? priority < other.priority : unit > other.unit;
  }
};

class RankedQueue {
 public:
  void push(Ranked entry) { entries_.push(entry); }
  void pop() { entries_.pop(); }

  /// The first entry for which `is_true(unit)` holds, after dropping those before it; nullptr if there is none.
  template <class Predicate>
  const Ranked* top(Predicate is_true) {
    while (!entries_.empty() && !is_true(entries_.top().unit)) {
      entries_.pop();
    }
    return entries_.empty() ? nullptr : &entries_.top();
  }

 private:
  std::priority_queue<Ranked> entries_;
};

}  // namespace pcargo::schedule
