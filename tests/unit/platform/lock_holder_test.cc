// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/lock_holder.h"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <string>

using namespace pcargo::platform;

TEST_CASE("a holder is read as it signed") {
  const LockHolder holder{12, "box", 1'700'000'000, "pcargo build --config 'a=\"b\"'"};
  CHECK(parse_lock_holder(to_text(holder)) == holder);
  CHECK(this_process("x").pid == ::getpid());
  CHECK(parse_lock_holder(to_text(this_process("pcargo build"))) != std::nullopt);
  CHECK(parse_lock_holder(to_text({1, "", 1, ""})) == LockHolder{1, "", 1, ""});
}

TEST_CASE("what is not whole is nobody's signature") {
  const std::string text = to_text({12, "box", 1'700'000'000, "pcargo"});
  for (std::size_t i = 0; i < text.size(); ++i) {
    INFO(i);
    CHECK_FALSE(parse_lock_holder(text.substr(0, i)));
  }
  for (const char* bad : {"pid x\nhost a\nsince 1\ncommand b\n",
                          "pid -1\nhost a\nsince 1\ncommand b\n",
                          "pid 99999999999999999999\nhost a\nsince 1\ncommand b\n",
                          "pid 1\nsince 1\nhost a\ncommand b\n",
                          "\n\n\n\n"}) {
    INFO(bad);
    CHECK_FALSE(parse_lock_holder(bad));
  }
}

TEST_CASE("whatever somebody wrote is shown as harmless text on one line") {
  const auto holder =
      parse_lock_holder("pid 1\nhost a\x1b[31m\nsince 1\ncommand \r\a\xff" + std::string(5000, 'x') + "\n");
  REQUIRE(holder);
  CHECK(holder->host == "a?[31m");
  CHECK(holder->command == "???" + std::string(197, 'x') + "...");
  CHECK(to_text({1, "a\nb", 1, "c\nd"}) == "pid 1\nhost a?b\nsince 1\ncommand c?d\n");
}
