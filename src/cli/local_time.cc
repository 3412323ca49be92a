// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/local_time.h"

#include <ctime>

namespace pcargo::cli {

std::string local_time(std::int64_t seconds) {
  const std::time_t when = seconds;
  std::tm parts{};
  char text[32] = "";
  if (::localtime_r(&when, &parts) != nullptr) {
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
  }
  return text;
}

std::string compact_time(std::int64_t seconds) {
  const std::time_t when = seconds;
  std::tm parts{};
  char text[32] = "";
  if (::gmtime_r(&when, &parts) != nullptr) {
    std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts);
  }
  return text;
}

}  // namespace pcargo::cli
