// SPDX-License-Identifier: MIT OR Apache-2.0
// Whom the next free slot goes to: of all that could use one the best by rank that memory and the cap of late-linked
// units let in.
#pragma once

#include "base/ids.h"
#include "schedule/memory_room.h"
#include "schedule/ranked_queue.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace pcargo::schedule {

/// What a unit would do with a slot.
enum class Wish : std::uint8_t {
  kNothing,
  kStart,
  kLateStart,  ///< and then wait at its link gate: something is missing below it
  kLink,       ///< its gate can be opened
  kRunAlone,   ///< once more, with nothing beside it
};

class Admission {
 public:
  /// `priority`: higher goes first, ties by lower id; outlives this. `max_late`, `memory`, `peaks`: see Options and
  /// Scheduler.
  Admission(const IdMap<UnitId, std::int64_t>& priority,
            int max_late,
            std::int64_t memory,
            IdMap<UnitId, std::int64_t> peaks);

  /// Replaces its last wish. Nothing but kNothing may follow another wish, except kStart after kLateStart.
  void set_wish(UnitId unit, Wish wish);
  Wish wish_of(UnitId unit) const { return units_[unit].wish; }

  /// Who goes next; its wish stays until it is replaced. `is_idle`: no slot is in use.
  std::optional<UnitId> next(bool is_idle);

  /// How many slots could be used; where units wait for memory, whether one more could.
  std::size_t useful_slots(bool is_idle);

  /// It holds its memory from now on, or not any more.
  void enter(UnitId unit) { room_.enter(unit); }
  void leave(UnitId unit) { room_.leave(unit); }
  /// It is under way and will have to wait at its gate, or not any more.
  void set_late(UnitId unit, bool is_late);
  /// It needs all the memory there is, from now on.
  void set_alone(UnitId unit) { room_.set_alone(unit); }
  bool is_alone(UnitId unit) const { return room_.is_alone(unit); }

  bool is_short_of_memory() const { return room_.holds_any(); }
  std::size_t ever_held() const { return room_.ever_held(); }
  /// Did it ever wait for memory?
  bool was_held(UnitId unit) const { return units_[unit].was_held; }

 private:
  struct Unit {
    Wish wish = Wish::kNothing;
    bool is_parked = false;  ///< out of queue_: as many as may be are late
    bool is_held = false;    ///< out of queue_: there is no memory for it
    bool was_held = false;   ///< ever
    bool is_late = false;
  };

  std::size_t count(Wish wish) const { return counts_[static_cast<std::size_t>(wish)]; }
  Ranked ranked(UnitId unit) const { return {priority_[unit], unit}; }
  bool is_late_enough() const { return late_ >= max_late_ || !room_.has_room_for_late(); }
  void release(UnitId unit);
  void park(UnitId unit);
  void hold(UnitId unit);

  const IdMap<UnitId, std::int64_t>& priority_;
  const int max_late_;
  MemoryRoom room_;
  IdMap<UnitId, Unit> units_;
  std::array<std::size_t, 5> counts_{};  ///< by wish
  RankedQueue queue_;
  std::vector<UnitId> parked_;  ///< and some that are not any more
  int late_ = 0;
};

}  // namespace pcargo::schedule
