// SPDX-License-Identifier: MIT OR Apache-2.0
#include "schedule/memory_room.h"

#include "base/check.h"
#include "schedule/ranked_queue.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace pcargo::schedule {

namespace {

constexpr std::int64_t kNobody = std::numeric_limits<std::int64_t>::max();
/// Sums of so many units stay in range.
constexpr std::int64_t kMostPeak = std::int64_t{1} << 40;
constexpr std::int64_t kMostLimit = std::int64_t{1} << 60;

}  // namespace

void HeldUnits::make() {
  for (UnitId unit{0}; unit.value < priority_.size(); ++unit.value) {
    ranked_.push_back(unit);
  }
  std::sort(ranked_.begin(), ranked_.end(), [this](UnitId a, UnitId b) {
    return Ranked{priority_[b], b} < Ranked{priority_[a], a};
  });
  rank_of_ = IdMap<UnitId, std::size_t>(priority_.size());
  for (std::size_t rank = 0; rank < ranked_.size(); ++rank) {
    rank_of_[ranked_[rank]] = rank;
  }
  std::size_t leaves = 1;
  while (leaves < ranked_.size()) {
    leaves *= 2;
  }
  least_.assign(2 * leaves, kNobody);
}

void HeldUnits::set(UnitId unit, std::int64_t bytes) {
  std::size_t node = least_.size() / 2 + rank_of_[unit];
  least_[node] = bytes;
  while (node > 1) {
    node /= 2;
    least_[node] = std::min(least_[2 * node], least_[2 * node + 1]);
  }
}

void HeldUnits::add(UnitId unit, std::int64_t bytes) {
  if (least_.empty()) {
    make();
  }
  ++count_;
  set(unit, bytes);
}

void HeldUnits::remove(UnitId unit) {
  --count_;
  set(unit, kNobody);
}

std::optional<UnitId> HeldUnits::first_within(std::int64_t bytes) const {
  if (empty() || least_[1] > bytes) {
    return std::nullopt;
  }
  const std::size_t leaves = least_.size() / 2;
  std::size_t node = 1;
  while (node < leaves) {
    node *= 2;
    node += least_[node] > bytes ? 1U : 0U;
  }
  return ranked_[node - leaves];
}

MemoryRoom::MemoryRoom(std::int64_t limit,
                       IdMap<UnitId, std::int64_t> peaks,
                       const IdMap<UnitId, std::int64_t>& priority)
    : priority_(priority),
      limit_(std::clamp(limit, std::int64_t{0}, kMostLimit)),
      peaks_(std::move(peaks)),
      held_(priority) {
  for (std::int64_t& peak : peaks_) {
    peak = std::clamp(peak, std::int64_t{0}, kMostPeak);
    largest_ = std::max(largest_, peak);
  }
}

/// More than there is, where it must be alone: nothing comes in beside it.
std::int64_t MemoryRoom::need(UnitId unit) const {
  return is_alone(unit) ? limit_ + 1 : peaks_.empty() ? 0 : peaks_[unit];
}

bool MemoryRoom::outranks(UnitId one, UnitId other) const {
  return Ranked{priority_[other], other} < Ranked{priority_[one], one};
}

void MemoryRoom::enter(UnitId unit) {
  used_ += need(unit);
  under_way_.push_back({unit, waited_for_ && outranks(*waited_for_, unit), false});
}

void MemoryRoom::leave(UnitId unit) {
  used_ -= need(unit);
  under_way_.erase(find(unit));
}

std::vector<MemoryRoom::UnderWay>::iterator MemoryRoom::find(UnitId unit) {
  const auto found =
      std::find_if(under_way_.begin(), under_way_.end(), [unit](const UnderWay& one) { return one.unit == unit; });
  PCARGO_CHECK(found != under_way_.end());
  return found;
}

void MemoryRoom::set_late(UnitId unit, bool is_late) {
  find(unit)->is_late = is_late;
  late_ += is_late ? need(unit) : -need(unit);
}

void MemoryRoom::set_alone(UnitId unit) {
  if (is_alone_.empty()) {
    is_alone_ = IdMap<UnitId, char>(priority_.size(), 0);
  }
  is_alone_[unit] = 1;
}

bool MemoryRoom::has_room_for(UnitId unit, bool is_empty) {
  if (is_empty) {
    return true;
  }
  look_who_is_waited_for();
  const bool passes = waited_for_ && outranks(*waited_for_, unit);
  return need(unit) <= (passes ? room_beside_waited_for() : room());
}

void MemoryRoom::hold(UnitId unit) {
  ever_held_ += is_alone(unit) ? 0 : 1;
  held_.add(unit, need(unit));
}

void MemoryRoom::release(UnitId unit) {
  held_.remove(unit);
}

std::optional<UnitId> MemoryRoom::best_held(bool is_empty) {
  look_who_is_waited_for();
  if (!waited_for_ || is_empty || need(*waited_for_) <= room()) {
    return waited_for_;
  }
  return held_.first_within(room_beside_waited_for());
}

/// Whoever was let in past another is one of those that the new one found here.
void MemoryRoom::look_who_is_waited_for() {
  const auto best = held_.first_within(kNobody - 1);
  if (best != waited_for_) {
    waited_for_ = best;
    for (UnderWay& one : under_way_) {
      one.has_passed = false;
    }
  }
}

/// As if those that were here before it ended in the order in which they began, until it has room. What waits for its
/// link may be waiting for whom is waited for here: it makes no room before.
std::int64_t MemoryRoom::room_beside_waited_for() const {
  std::int64_t passed = 0;
  for (const UnderWay& one : under_way_) {
    passed += one.has_passed && !one.is_late ? need(one.unit) : 0;
  }
  std::int64_t beside = room() + passed - need(*waited_for_);
  for (const UnderWay& one : under_way_) {
    if (beside >= 0) {
      break;
    }
    beside += one.has_passed || one.is_late ? 0 : need(one.unit);
  }
  return std::min(room(), beside - passed);
}

}  // namespace pcargo::schedule
