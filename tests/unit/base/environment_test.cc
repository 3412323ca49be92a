// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/environment.h"

#include <catch2/catch.hpp>

using pcargo::Environment;

TEST_CASE("an environment keeps order by name and drops what is no variable") {
  const char* block[] = {"B=2", "broken", "A=1=1", "B=3", "EMPTY=", nullptr};
  auto environment = Environment::from_block(block);
  CHECK(environment.to_block() == std::vector<std::string>{"A=1=1", "B=2", "EMPTY="});
  CHECK(environment.get("EMPTY") == "");
  CHECK_FALSE(environment.get("broken"));
  environment.remove("A");
  CHECK_FALSE(environment.contains("A"));
}
