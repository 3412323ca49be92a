// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/byte_size.h"

#include <catch2/catch.hpp>

namespace pcargo {
namespace {

TEST_CASE("sizes are binary") {
  CHECK(parse_size("7") == 7);
  CHECK(parse_size("2K") == 2048);
  CHECK(parse_size("512M") == std::int64_t{512} << 20);
  CHECK(parse_size("4G") == std::int64_t{4} << 30);
  CHECK(parse_size("4GiB") == parse_size("4G"));
  CHECK(parse_size("4GB") == parse_size("4G"));
  CHECK(parse_size("1T") == std::int64_t{1} << 40);
  for (const char* text : {"", "G", "-1G", "1.5G", "4 G", "4GG", "4Gi", "4X", "99999999999T", "0x10"}) {
    INFO(text);
    CHECK(parse_size(text) == std::nullopt);
  }
}

}  // namespace
}  // namespace pcargo
