// SPDX-License-Identifier: MIT OR Apache-2.0
#include "seeds.h"

#include <cstdlib>
#include <iostream>

namespace pcargo::test {

namespace {

constexpr std::uint64_t kDefaultSeed = 19'700'101;

}  // namespace

std::vector<std::uint64_t> seeds(const char* property, std::size_t count, const std::vector<std::uint64_t>& past) {
  const char* chosen = std::getenv("PCARGO_SEED");
  std::uint64_t first = chosen == nullptr ? kDefaultSeed : std::strtoull(chosen, nullptr, 10);
  std::cout << property << ": PCARGO_SEED=" << first << ", " << count << " seeds from there and " << past.size()
            << " from the past\n";
  std::vector<std::uint64_t> result = past;
  for (std::size_t i = 0; i < count; ++i) {
    result.push_back(first + i);
  }
  return result;
}

}  // namespace pcargo::test
