// SPDX-License-Identifier: MIT OR Apache-2.0
// Keys and runs with harmless defaults.
#pragma once

#include "record/history.h"

#include <string>

namespace pcargo::record::test {

inline UnitKey key(std::int64_t variant, const std::string& package = "syn", const std::string& opt_level = "0") {
  return {package, "1.0.0", "lib", "build", opt_level, variant};
}

inline Run run(const UnitKey& key, std::int64_t total) {
  return {key, {total, total / 2, 0, total, 1 << 20, 1000}, 100};
}

inline Known ask(History history, const UnitKey& key) {
  return history.look_up({key}).at(0);
}

/// Of the very unit; 0: not known.
inline std::int64_t total_of(const History& history, const UnitKey& key) {
  const auto known = ask(history, key);
  return known.same ? known.same->measured.total : 0;
}

}  // namespace pcargo::record::test
