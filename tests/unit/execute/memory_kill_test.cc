// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/memory_kill.h"

#include <catch2/catch.hpp>

#include <csignal>
#include <string>

namespace pcargo::execute {
namespace {

std::string error(const std::string& message, const std::string& note) {
  return R"({"$message_type":"diagnostic","message":")" + message + R"(","level":"error","children":[{"message":")" +
         note + R"(","level":"note"}]})";
}

TEST_CASE("words of who got no memory, or whose linker was killed") {
  CHECK(tells_of_no_memory("memory allocation of 1073741824 bytes failed"));
  CHECK(tells_of_no_memory("LLVM ERROR: out of memory"));
  CHECK(tells_of_no_memory(error("linking with `cc` failed: signal: 9 (SIGKILL)", "cc -m64")));
  const std::string failed = "linking with `cc` failed: exit status: 1";
  CHECK(tells_of_no_memory(error(failed, "collect2: fatal error: ld terminated with signal 9 [Killed]")));
  CHECK(tells_of_no_memory(error(failed, "/usr/bin/ld: final link failed: memory exhausted")));
}

TEST_CASE("ordinary errors tell of nothing, whatever they quote") {
  CHECK_FALSE(tells_of_no_memory(""));
  CHECK_FALSE(
      tells_of_no_memory(error("cannot find value `memory allocation of 1 bytes failed`", "signal: 9 (SIGKILL)")));
  CHECK_FALSE(tells_of_no_memory(error("linking with `cc` failed: exit status: 1", "undefined reference to `f`")));
  CHECK_FALSE(tells_of_no_memory(R"({"level":"warning","message":"memory allocation of 1 bytes failed"})"));
}

TEST_CASE("a kill and told failures count, success and other signals do not") {
  CHECK(may_be_killed_for_memory({.signal = SIGKILL}, false));
  CHECK(may_be_killed_for_memory({.signal = SIGABRT}, true));
  CHECK(may_be_killed_for_memory({.code = 1}, true));
  CHECK_FALSE(may_be_killed_for_memory({.code = 1}, false));
  CHECK_FALSE(may_be_killed_for_memory({.signal = SIGABRT}, false));
  CHECK_FALSE(may_be_killed_for_memory({.signal = SIGTERM}, false));
  CHECK_FALSE(may_be_killed_for_memory({}, true));
}

TEST_CASE("it is said for certain only where the kernel has counted it") {
  CHECK(describe_memory_kill({.signal = SIGKILL}, true) == "was killed by the system, which had no memory left");
  CHECK(describe_memory_kill({.signal = SIGKILL}, false) == "was killed, as the system does when memory is short");
  CHECK(describe_memory_kill({.signal = SIGABRT}, false) == "ran out of memory");
}

}  // namespace
}  // namespace pcargo::execute
