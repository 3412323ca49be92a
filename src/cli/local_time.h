// SPDX-License-Identifier: MIT OR Apache-2.0
// A time as a person reads it.
#pragma once

#include <cstdint>
#include <string>

namespace pcargo::cli {

/// Seconds since 1970 -> "2026-11-21 10:40:12", where the user is.
std::string local_time(std::int64_t seconds);

/// The same instant as it goes into names of files, in UTC: "20261121T104012Z".
std::string compact_time(std::int64_t seconds);

}  // namespace pcargo::cli
