// SPDX-License-Identifier: MIT OR Apache-2.0
// Broken promises inside our own code: print the place and abort, in release builds too.
#pragma once

namespace pcargo {

[[noreturn]] void check_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace pcargo

/// For what a caller cannot handle. Input from outside is never checked this way: it gets an Error.
#define PCARGO_CHECK(condition)                               \
  do {                                                        \
    if (!(condition)) {                                       \
      ::pcargo::check_failed(#condition, __FILE__, __LINE__); \
    }                                                         \
  } while (false)
