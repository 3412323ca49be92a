// SPDX-License-Identifier: MIT OR Apache-2.0
// Which seeds a property is tried with: those that once found a mistake, then a run of new ones. The first of these is
// fixed unless the environment variable PCARGO_SEED says another number; it is printed.
#pragma once

#include <cstdint>
#include <vector>

namespace pcargo::test {

/// `past`: seeds that found a mistake before; they are tried first.
std::vector<std::uint64_t> seeds(const char* property, std::size_t count, const std::vector<std::uint64_t>& past = {});

}  // namespace pcargo::test
