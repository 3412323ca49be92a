// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/event_loop.h"

#include "platform/descriptor.h"

#include <catch2/catch.hpp>

#include <signal.h>
#include <unistd.h>

#include <optional>
#include <string>

using namespace pcargo::platform;

TEST_CASE("a loop without anything to wait for returns at once") {
  EventLoop loop;
  loop.run();
  loop.poll();
}

TEST_CASE("a timer calls once, a repeating one until it is destroyed") {
  EventLoop loop;
  int once = 0;
  int repeated = 0;
  Timer single(loop, 0, 0, [&] { ++once; });
  std::optional<Timer> repeating;
  repeating.emplace(loop, 0, 1, [&] {
    if (++repeated == 3) {
      repeating.reset();
    }
  });
  loop.run();
  CHECK(once == 1);
  CHECK(repeated == 3);
}

TEST_CASE("a destroyed or overwritten timer never calls") {
  EventLoop loop;
  bool first = false;
  bool second = false;
  Timer timer(loop, 0, 0, [&] { first = true; });
  timer = Timer(loop, 0, 0, [&] { second = true; });
  {
    Timer gone(loop, 0, 0, [&] { first = true; });
  }
  loop.run();
  CHECK_FALSE(first);
  CHECK(second);
}

TEST_CASE("stop leaves the loop although something is still waited for") {
  EventLoop loop;
  Timer never(loop, 1'000'000, 0, [] { FAIL("too early"); });
  Timer now(loop, 0, 0, [&] { loop.stop(); });
  loop.run();
}

TEST_CASE("a signal is reported while somebody watches") {
  EventLoop loop;
  std::string seen;
  SignalWatcher watcher(loop, SIGUSR1, [&](int number) {
    seen += number == SIGUSR1 ? "usr1" : "?";
    loop.stop();
  });
  ::raise(SIGUSR1);
  loop.run();
  CHECK(seen == "usr1");
}

TEST_CASE("a signal that is ignored stays ignored") {
  ::signal(SIGUSR2, SIG_IGN);
  EventLoop loop;
  {
    SignalWatcher watcher(loop, SIGUSR2, [](int) { FAIL("was ignored"); });
    ::raise(SIGUSR2);
    loop.poll();
    struct sigaction action {};
    ::sigaction(SIGUSR2, nullptr, &action);
    CHECK(action.sa_handler == SIG_IGN);
  }
  ::signal(SIGUSR2, SIG_DFL);
}

TEST_CASE("a descriptor is reported as long as it is readable, and when its writer is gone") {
  EventLoop loop;
  auto pipe = make_pipe();
  REQUIRE(pipe);
  std::string got;
  std::optional<ReadableWatcher> watcher;
  watcher.emplace(loop, pipe->read_end.get(), [&] {
    char byte = 0;
    const auto count = ::read(pipe->read_end.get(), &byte, 1);
    if (count == 1) {
      got += byte;
    } else if (count == 0) {
      watcher.reset();
    }
  });
  loop.poll();
  CHECK(got.empty());
  REQUIRE(::write(pipe->write_end.get(), "abc", 3) == 3);
  pipe->write_end.reset();
  loop.run();
  CHECK(got == "abc");
}

TEST_CASE("the clock goes forward") {
  const auto before = EventLoop::now_ns();
  CHECK(EventLoop::now_ns() >= before);
  CHECK(before > 0);
}
