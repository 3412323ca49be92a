// SPDX-License-Identifier: MIT OR Apache-2.0
// Dense typed ids, and the map from such ids to values.
#pragma once

#include "base/check.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace pcargo {

/// A position in one table. Two tags make two types: one cannot be used for the other.
template <class Tag>
struct Id {
  std::uint32_t value = 0;

  auto operator<=>(const Id&) const = default;  // NOLINT(modernize-use-nullptr): it takes <=> 0 for a pointer
};

using UnitId = Id<struct UnitTag>;  ///< position in the unit graph and, unchanged, in the action graph
using RunId = Id<struct RunTag>;    ///< one attempt to run one unit; never reused within a build

/// Values for every id from 0 to size() - 1. For flags use `char`: a vector of bool has no references.
template <class Key, class T>
class IdMap {
 public:
  IdMap() = default;
  explicit IdMap(std::size_t size, const T& value = T()) : items_(size, value) {}

  T& operator[](Key id) {
    PCARGO_CHECK(id.value < items_.size());
    return items_[id.value];
  }
  const T& operator[](Key id) const {
    PCARGO_CHECK(id.value < items_.size());
    return items_[id.value];
  }
  bool contains(Key id) const { return id.value < items_.size(); }
  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  void reserve(std::size_t size) { items_.reserve(size); }

  /// Appends and gives the new id.
  Key push_back(T value) {
    items_.push_back(std::move(value));
    return Key{static_cast<std::uint32_t>(items_.size() - 1)};
  }

  auto begin() { return items_.begin(); }
  auto end() { return items_.end(); }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }

 private:
  std::vector<T> items_;
};

}  // namespace pcargo

template <class Tag>
struct std::hash<pcargo::Id<Tag>> {
  std::size_t operator()(pcargo::Id<Tag> id) const noexcept { return id.value; }
};
