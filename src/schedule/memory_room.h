// SPDX-License-Identifier: MIT OR Apache-2.0
// Memory as a resource: what the units that are under way are predicted to take together, and who may come in beside
// them. Who may not is held here, by rank. Knows nothing of states, slots and milestones.
//
// The best unit that is held is waited for, and what ranks below it may only pass if it takes nothing of what that one
// will need: as if those that ran before it ended in the order in which they began. So it waits for nothing else than
// what ran when its waiting began, and a stream of small units cannot keep it out.
#pragma once

#include "base/ids.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace pcargo::schedule {

/// Units by rank with what each needs; the best one that needs no more than so much. O(log n) each, and nothing before
/// the first comes in.
class HeldUnits {
 public:
  explicit HeldUnits(const IdMap<UnitId, std::int64_t>& priority) : priority_(priority) {}

  bool empty() const { return count_ == 0; }
  void add(UnitId unit, std::int64_t bytes);
  void remove(UnitId unit);
  std::optional<UnitId> first_within(std::int64_t bytes) const;

 private:
  void make();
  void set(UnitId unit, std::int64_t bytes);

  const IdMap<UnitId, std::int64_t>& priority_;
  std::size_t count_ = 0;
  std::vector<UnitId> ranked_;  ///< all units, the best first
  IdMap<UnitId, std::size_t> rank_of_;
  std::vector<std::int64_t> least_;  ///< a heap-shaped tree over ranked_: the least that is needed below each node
};

class MemoryRoom {
 public:
  /// `peaks`: bytes by unit; empty: nothing is known and nothing needs any. `priority` outlives this.
  MemoryRoom(std::int64_t limit, IdMap<UnitId, std::int64_t> peaks, const IdMap<UnitId, std::int64_t>& priority);

  /// It is under way from now on, or not any more.
  void enter(UnitId unit);
  void leave(UnitId unit);
  /// It will wait for its link, or has waited: until then it keeps what others may need to end its waiting.
  void set_late(UnitId unit, bool is_late);

  /// May one more that will wait for its link come in? Beside all that wait there is always room for the largest unit,
  /// so that what they wait for never has to be let in against the limit.
  bool has_room_for_late() const { return late_ + 2 * largest_ <= limit_; }

  /// `is_empty`: nothing is under way that could end without another; then anybody may come in.
  bool has_room_for(UnitId unit, bool is_empty);

  /// It needs all the room there is, from now on.
  void set_alone(UnitId unit);
  bool is_alone(UnitId unit) const { return !is_alone_.empty() && is_alone_[unit] != 0; }

  void hold(UnitId unit);
  void release(UnitId unit);
  bool holds_any() const { return !held_.empty(); }
  /// The best one held that may come in.
  std::optional<UnitId> best_held(bool is_empty);

  /// How many units have ever been held because of what was predicted of them.
  std::size_t ever_held() const { return ever_held_; }

 private:
  struct UnderWay {
    UnitId unit;
    bool has_passed = false;  ///< whom is waited for now
    bool is_late = false;
  };

  std::vector<UnderWay>::iterator find(UnitId unit);
  std::int64_t need(UnitId unit) const;
  bool outranks(UnitId one, UnitId other) const;
  void look_who_is_waited_for();
  std::int64_t room() const { return limit_ - used_; }
  std::int64_t room_beside_waited_for() const;

  const IdMap<UnitId, std::int64_t>& priority_;
  const std::int64_t limit_;
  IdMap<UnitId, std::int64_t> peaks_;
  IdMap<UnitId, char> is_alone_;
  std::int64_t largest_ = 0;
  std::int64_t used_ = 0;
  std::int64_t late_ = 0;
  HeldUnits held_;
  std::size_t ever_held_ = 0;
  std::optional<UnitId> waited_for_;  ///< the best one held, when last looked
  std::vector<UnderWay> under_way_;   ///< in the order in which they began
};

}  // namespace pcargo::schedule
