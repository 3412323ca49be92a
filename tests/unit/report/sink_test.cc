// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/sink.h"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <thread>

using pcargo::report::DescriptorSink;

namespace {

struct Pipe {
  Pipe() { REQUIRE(::pipe(ends) == 0); }
  ~Pipe() {
    close_reader();
    ::close(ends[1]);
  }
  void close_reader() {
    if (ends[0] >= 0) {
      ::close(ends[0]);
      ends[0] = -1;
    }
  }
  int ends[2] = {-1, -1};
};

}  // namespace

TEST_CASE("bytes arrive whole, also through a full non-blocking pipe") {
  Pipe pipe;
  REQUIRE(::fcntl(pipe.ends[1], F_SETFL, O_NONBLOCK) == 0);
  const std::string sent(1 << 20, 'x');
  std::string received;
  std::thread reader([&] {
    char buffer[4096];
    while (received.size() < sent.size()) {
      const auto count = ::read(pipe.ends[0], buffer, sizeof buffer);
      if (count <= 0) {
        return;
      }
      received.append(buffer, static_cast<std::size_t>(count));
    }
  });
  DescriptorSink sink(pipe.ends[1]);
  sink.write(sent);
  reader.join();
  CHECK(received == sent);
  CHECK_FALSE(sink.is_broken());
}

TEST_CASE("a reader that went away breaks the sink quietly") {
  std::signal(SIGPIPE, SIG_IGN);
  Pipe pipe;
  pipe.close_reader();
  DescriptorSink sink(pipe.ends[1]);
  sink.write("nobody reads this");
  CHECK(sink.is_broken());
  sink.write("nor this");
}
