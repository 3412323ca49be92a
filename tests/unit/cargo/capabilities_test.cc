// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/capabilities.h"

#include <catch2/catch.hpp>

using pcargo::cargo::capabilities_of;

TEST_CASE("a fact holds from the version on that brought it") {
  CHECK_FALSE(capabilities_of("1.79.0").has_check_cfg);
  CHECK(capabilities_of("1.80.0").has_check_cfg);
  CHECK(capabilities_of("1.97.0-nightly").has_check_cfg);
  CHECK(capabilities_of("1.65.0").says_debuginfo_none);
  CHECK_FALSE(capabilities_of("1.95.0").says_debuginfo_none);
}

TEST_CASE("only 1.96 and later have a lock of their own for artifacts") {
  CHECK_FALSE(capabilities_of("1.95.0").has_artifact_lock);
  CHECK(capabilities_of("1.96.0").has_artifact_lock);
}

TEST_CASE("versions outside the tested range are noted") {
  CHECK(capabilities_of("1.65.0").note.empty());
  CHECK(capabilities_of("1.95.0").note.empty());
  CHECK(capabilities_of("1.97.0-nightly").note.empty());
  CHECK(capabilities_of("1.64.0").note == "cargo 1.64.0 is older than any that this pcargo was tested with (1.65)");
  CHECK(capabilities_of("1.123.4").note == "cargo 1.123.4 is newer than any that this pcargo was tested with (1.97)");
  CHECK(capabilities_of("2.0.0").note == "cargo 2.0.0 is newer than any that this pcargo was tested with (1.97)");
}

TEST_CASE("what is no version is taken for the newest") {
  CHECK(capabilities_of("").has_check_cfg);
  CHECK(capabilities_of("unknown").note.empty());
}
