// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/command_text.h"

#include <catch2/catch.hpp>

using pcargo::display_command;
using pcargo::shell_escape;

TEST_CASE("words are quoted only where a shell needs it") {
  CHECK(shell_escape("--cfg=feature/x,y.z+1_2") == "--cfg=feature/x,y.z+1_2");
  CHECK(shell_escape("") == "''");
  CHECK(shell_escape("cfg(feature, values(\"std\"))") == "'cfg(feature, values(\"std\"))'");
  CHECK(shell_escape("it's!") == "'it'\\''s'\\!''");
}

TEST_CASE("commands are shown as cargo's ProcessBuilder shows them") {
  CHECK(display_command({}, {"/path with/rustc", "--crate-name", "a b"}) == "`/path with/rustc --crate-name 'a b'`");
  CHECK(display_command({{"B", ""}, {"A", "x y"}}, {"rustc"}) == "`A='x y' B='' rustc`");
}
