// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/version.h"

#include <catch2/catch.hpp>

using pcargo::cargo::compare_versions;
using pcargo::cargo::parse_version;

TEST_CASE("versions come apart") {
  const auto version = parse_version("1.2.3-beta.1+meta");
  CHECK(version.major == 1);
  CHECK(version.minor == 2);
  CHECK(version.patch == 3);
  CHECK(version.pre == "beta.1");
  CHECK(version.build == "meta");
  CHECK(parse_version("nonsense").major == 0);
}

TEST_CASE("versions are ordered as semver says") {
  const char* ascending[] = {"1.0.0-alpha",
                             "1.0.0-alpha.1",
                             "1.0.0-alpha.beta",
                             "1.0.0-beta.2",
                             "1.0.0-beta.11",
                             "1.0.0-rc.1",
                             "1.0.0",
                             "1.0.0+a",
                             "1.0.10",
                             "1.2.0"};
  for (std::size_t i = 0; i + 1 < std::size(ascending); ++i) {
    CAPTURE(ascending[i], ascending[i + 1]);
    CHECK((compare_versions(parse_version(ascending[i]), parse_version(ascending[i + 1])) < 0));
    CHECK((compare_versions(parse_version(ascending[i + 1]), parse_version(ascending[i])) > 0));
  }
}
