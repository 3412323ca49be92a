// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/nearest_name.h"

#include "base/check.h"

#include <algorithm>
#include <numeric>

namespace pcargo::report {

namespace {

/// What is behind it tells no two names apart that a person would take for each other.
constexpr std::size_t kMostLetters = 64;

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (const char letter : a) {
    std::size_t diagonal = row[0]++;
    for (std::size_t i = 0; i < b.size(); ++i) {
      const std::size_t changed = diagonal + (letter == b[i] ? 0 : 1);
      diagonal = row[i + 1];
      row[i + 1] = std::min({changed, row[i] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest_name(std::string_view word, const std::vector<std::string>& names) {
  PCARGO_CHECK(!names.empty());
  const auto far = [&](const std::string& name) {
    return distance(word.substr(0, kMostLetters), std::string_view(name).substr(0, kMostLetters));
  };
  const std::string* nearest = &names.front();
  std::size_t least = far(*nearest);
  for (const std::string& name : names) {
    if (const std::size_t letters = far(name); letters < least) {
      nearest = &name;
      least = letters;
    }
  }
  return *nearest;
}

}  // namespace pcargo::report
