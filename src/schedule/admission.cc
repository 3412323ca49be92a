// SPDX-License-Identifier: MIT OR Apache-2.0
#include "schedule/admission.h"

#include "base/check.h"

#include <utility>

namespace pcargo::schedule {

Admission::Admission(const IdMap<UnitId, std::int64_t>& priority,
                     int max_late,
                     std::int64_t memory,
                     IdMap<UnitId, std::int64_t> peaks)
    : priority_(priority), max_late_(max_late), room_(memory, std::move(peaks), priority), units_(priority.size()) {
  counts_[static_cast<std::size_t>(Wish::kNothing)] = priority.size();
}

void Admission::set_wish(UnitId id, Wish wish) {
  Unit& unit = units_[id];
  const Wish last = std::exchange(unit.wish, wish);
  PCARGO_CHECK(last == Wish::kNothing || wish == Wish::kNothing || (last == Wish::kLateStart && wish == Wish::kStart));
  --counts_[static_cast<std::size_t>(last)];
  ++counts_[static_cast<std::size_t>(wish)];
  const bool was_parked = std::exchange(unit.is_parked, false);
  if (wish == Wish::kNothing) {
    release(id);
  } else if (last == Wish::kNothing || was_parked) {
    queue_.push(ranked(id));
  }
}

std::optional<UnitId> Admission::next(bool is_idle) {
  // Else all that is under way, if anything, waits for something that has not begun.
  const bool is_empty = is_idle && count(Wish::kLink) == 0;
  while (true) {
    const Ranked* queued = queue_.top([this](UnitId id) {
      const Unit& unit = units_[id];
      return unit.wish != Wish::kNothing && !unit.is_parked && !unit.is_held;
    });
    const auto held = room_.best_held(is_empty);
    const bool is_held = held && (queued == nullptr || *queued < ranked(*held));
    if (!is_held && queued == nullptr) {
      return std::nullopt;
    }
    const UnitId unit = is_held ? *held : queued->unit;
    const Wish wish = units_[unit].wish;
    if (wish == Wish::kLateStart && is_late_enough()) {
      release(unit);
      park(unit);
    } else if (is_held || wish == Wish::kLink || room_.has_room_for(unit, is_empty)) {
      return unit;  // what waits at its gate has its memory
    } else {
      hold(unit);
    }
  }
}

std::size_t Admission::useful_slots(bool is_idle) {
  if (room_.holds_any()) {
    return static_cast<std::size_t>(next(is_idle).has_value());
  }
  return count(Wish::kStart) + (is_late_enough() ? 0 : count(Wish::kLateStart)) + count(Wish::kLink);
}

void Admission::set_late(UnitId id, bool is_late) {
  if (std::exchange(units_[id].is_late, is_late) == is_late) {
    return;
  }
  late_ += is_late ? 1 : -1;
  room_.set_late(id, is_late);
  if (!is_late) {
    for (UnitId parked : std::exchange(parked_, {})) {
      if (std::exchange(units_[parked].is_parked, false)) {
        queue_.push(ranked(parked));
      }
    }
  }
}

void Admission::park(UnitId unit) {
  units_[unit].is_parked = true;
  parked_.push_back(unit);
}

void Admission::hold(UnitId unit) {
  units_[unit].is_held = units_[unit].was_held = true;
  room_.hold(unit);
}

void Admission::release(UnitId unit) {
  if (std::exchange(units_[unit].is_held, false)) {
    room_.release(unit);
  }
}

}  // namespace pcargo::schedule
