// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace pcargo {

void check_failed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "pcargo: internal error: %s:%d: %s does not hold\n", file, line, condition);
  std::abort();
}

}  // namespace pcargo
