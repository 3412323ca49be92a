// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/jobserver.h"

#include "platform/child_process.h"
#include "platform/process.h"
#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using pcargo::Environment;
using pcargo::execute::Jobserver;
using pcargo::platform::EventLoop;
using pcargo::platform::make_pipe;
using pcargo::platform::Pipe;
using pcargo::platform::read_available;
using pcargo::platform::run_to_end;
using pcargo::platform::SpawnOptions;
using pcargo::platform::write_available;
using pcargo::support::TemporaryDirectory;

namespace {

/// A jobserver on a loop, and how many tokens it was granted in all.
struct Party {
  EventLoop loop;
  int granted = 0;
  std::unique_ptr<Jobserver> jobserver;

  explicit Party(const Environment& environment = {}, unsigned slots = 4) {
    auto opened = Jobserver::open(loop, environment, slots, [this](int count) { granted += count; });
    REQUIRE(opened);
    jobserver = *std::move(opened);
  }

  /// What comes without waiting.
  int granted_now() {
    loop.poll();
    return granted;
  }
};

Environment with(const std::string& name, const std::string& value) {
  Environment environment;
  environment.set(name, value);
  return environment;
}

Pipe pipe_with(const std::string& tokens) {
  auto pipe = make_pipe();
  REQUIRE(pipe);
  REQUIRE(write_available(pipe->write_end.get(), tokens) == tokens.size());
  return std::move(*pipe);
}

std::string auth(const Pipe& pipe) {
  return std::to_string(pipe.read_end.get()) + "," + std::to_string(pipe.write_end.get());
}

/// Everything in the pipe, which is then empty.
std::string drain(int descriptor) {
  REQUIRE(pcargo::platform::set_nonblocking(descriptor));
  std::string bytes(100, ' ');
  bytes.resize(read_available(descriptor, bytes.data(), bytes.size()));
  return bytes;
}

}  // namespace

TEST_CASE("a server has one token less than slots, and they come only when wanted") {
  Party party;
  CHECK_FALSE(party.jobserver->is_client());
  CHECK(party.granted_now() == 0);
  party.jobserver->want(2);
  CHECK(party.granted == 0);
  CHECK(party.granted_now() == 2);
  party.jobserver->want(5);
  CHECK(party.granted_now() == 3);
  CHECK(party.granted_now() == 3);
  CHECK(party.jobserver->held() == 3);
}

TEST_CASE("a token that was given back comes again to who still wants one") {
  Party party;
  party.jobserver->want(4);
  CHECK(party.granted_now() == 3);
  party.jobserver->give_back();
  CHECK(party.jobserver->held() == 2);
  CHECK(party.granted_now() == 4);
  CHECK(party.jobserver->held() == 3);
  party.jobserver->give_back();
  CHECK(party.granted_now() == 4);
}

TEST_CASE("a server never takes more than it put in, whatever a child puts in beside") {
  Party party;
  REQUIRE(write_available(party.jobserver->inherited_descriptors()[1], "++++++") == 6);
  party.jobserver->want(9);
  CHECK(party.granted_now() == 3);
  CHECK(party.granted_now() == 3);
  party.jobserver->give_back();
  CHECK(party.granted_now() == 4);
  CHECK(party.jobserver->held() == 3);
}

TEST_CASE("no more is held than there is room for, of a pool of our own or another's") {
  const Pipe pipe = pipe_with("abcdef");
  for (const auto& environment : {Environment(), with("MAKEFLAGS", "--jobserver-auth=" + auth(pipe))}) {
    EventLoop loop;
    int granted = 0;
    auto jobserver = Jobserver::open(
        loop, environment, 6, [&granted](int count) { granted += count; }, 3);
    REQUIRE(jobserver);
    (*jobserver)->want(5);
    loop.poll();
    loop.poll();
    CHECK(granted == 2);
    (*jobserver)->give_back();
    loop.poll();
    CHECK((*jobserver)->held() == 2);
  }
}

TEST_CASE("wanting nothing leaves the tokens for others") {
  Party party;
  party.jobserver->want(3);
  party.jobserver->want(0);
  CHECK(party.granted_now() == 0);
}

TEST_CASE("one slot needs no token at all") {
  for (const unsigned slots : {0U, 1U}) {
    Party party({}, slots);
    party.jobserver->want(1);
    CHECK(party.granted_now() == 0);
  }
}

TEST_CASE("a grant may ask for more, or give back at once") {
  EventLoop loop;
  std::unique_ptr<Jobserver> jobserver;
  int grants = 0;
  auto opened = Jobserver::open(loop, {}, 3, [&](int count) {
    grants += count;
    if (grants < 10) {
      jobserver->want(1);
      jobserver->give_back();
    }
  });
  REQUIRE(opened);
  jobserver = *std::move(opened);
  jobserver->want(1);
  while (grants < 10) {
    loop.poll();
  }
  CHECK(jobserver->held() == 1);
}

TEST_CASE("children are told as cargo's jobserver crate tells them") {
  Party party({}, 3);
  const auto& inherited = party.jobserver->inherited_descriptors();
  REQUIRE(inherited.size() == 2);
  const std::string numbers = std::to_string(inherited[0]) + "," + std::to_string(inherited[1]);
  CHECK(party.jobserver->environment_value() == "-j --jobserver-fds=" + numbers + " --jobserver-auth=" + numbers);
  // Blocking for them, whatever we do on our side; and nobody gets them by accident.
  CHECK((::fcntl(inherited[0], F_GETFL) & O_NONBLOCK) == 0);
  CHECK((::fcntl(inherited[1], F_GETFL) & O_NONBLOCK) == 0);
  CHECK((::fcntl(inherited[0], F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("a server's child sees the same pool") {
  Party server({}, 3);
  Party child(with("CARGO_MAKEFLAGS", server.jobserver->environment_value()));
  CHECK(child.jobserver->is_client());
  CHECK(child.jobserver->environment_value() == server.jobserver->environment_value());
  CHECK(child.jobserver->inherited_descriptors() == server.jobserver->inherited_descriptors());
  child.jobserver->want(5);
  CHECK(child.granted_now() == 2);
  server.jobserver->want(1);
  CHECK(server.granted_now() == 0);
  child.jobserver.reset();
  CHECK(server.granted_now() == 1);
}

TEST_CASE("what children give back is ours first, and theirs when we want none") {
  Party server({}, 3);
  const auto& inherited = server.jobserver->inherited_descriptors();
  const auto pool = pcargo::platform::reopen_pipe(inherited[0], pcargo::platform::Access::kRead);
  REQUIRE(pool);
  CHECK(drain(pool->get()) == "||");
  server.jobserver->want(1);
  REQUIRE(write_available(inherited[1], "|") == 1);
  CHECK(drain(pool->get()).empty());  // however fast they are
  CHECK(server.granted_now() == 1);
  REQUIRE(write_available(inherited[1], "|") == 1);
  CHECK(server.granted_now() == 1);
  CHECK(drain(pool->get()) == "|");
}

TEST_CASE("a client gives back the bytes it took, each once, however it leaves") {
  const Pipe pool = pipe_with("abc");
  {
    Party client(with("MAKEFLAGS", " -j --jobserver-auth=" + auth(pool)));
    CHECK(client.jobserver->is_client());
    CHECK_FALSE(client.jobserver->warning());
    client.jobserver->want(2);
    CHECK(client.granted_now() == 2);
    client.jobserver->give_back();
    CHECK(client.granted_now() == 2);
  }
  std::string bytes = drain(pool.read_end.get());
  std::sort(bytes.begin(), bytes.end());
  CHECK(bytes == "abc");
}

TEST_CASE("a client does not change the flags of the shared pipe") {
  const Pipe pool = pipe_with("+");
  Party client(with("MAKEFLAGS", "--jobserver-auth=" + auth(pool)));
  client.jobserver->want(2);
  CHECK(client.granted_now() == 1);
  CHECK((::fcntl(pool.read_end.get(), F_GETFL) & O_NONBLOCK) == 0);
  CHECK((::fcntl(pool.write_end.get(), F_GETFL) & O_NONBLOCK) == 0);
}

TEST_CASE("a client of a named fifo") {
  const TemporaryDirectory directory("/tmp");  // no blank in its name: make's flags are words
  const std::string path = directory / "pool";
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  const auto fifo = pcargo::platform::open_fifo(path);
  REQUIRE(fifo);
  REQUIRE(write_available(fifo->get(), "xy") == 2);
  {
    Party client(with("MAKEFLAGS", "-j3 --jobserver-auth=fifo:" + path));
    CHECK(client.jobserver->is_client());
    CHECK(client.jobserver->inherited_descriptors().empty());
    CHECK(client.jobserver->environment_value() ==
          "-j --jobserver-fds=fifo:" + path + " --jobserver-auth=fifo:" + path);
    client.jobserver->want(3);
    CHECK(client.granted_now() == 2);
  }
  CHECK(drain(fifo->get()).size() == 2);
}

TEST_CASE("the first variable that is set decides, and in it the last option, auth before fds") {
  const Pipe pool = pipe_with("");
  const Pipe other = pipe_with("");
  const auto reads_from = [&](const Environment& environment) {
    return Party(environment).jobserver->inherited_descriptors()[0];
  };
  const int wanted = pool.read_end.get();

  Environment environment = with("CARGO_MAKEFLAGS", "--jobserver-auth=" + auth(pool));
  environment.set("MAKEFLAGS", "--jobserver-auth=" + auth(other));
  environment.set("MFLAGS", "--jobserver-auth=" + auth(other));
  CHECK(reads_from(environment) == wanted);

  CHECK(reads_from(with("MFLAGS", "--jobserver-fds=" + auth(pool) + " -k")) == wanted);
  CHECK(reads_from(with("MAKEFLAGS", "--jobserver-auth=" + auth(other) + " --jobserver-auth=" + auth(pool) + " -k")) ==
        wanted);
  CHECK(reads_from(with("MAKEFLAGS", "--jobserver-auth=" + auth(pool) + " --jobserver-fds=" + auth(other))) == wanted);

  environment = with("CARGO_MAKEFLAGS", "-j2");
  environment.set("MAKEFLAGS", "--jobserver-auth=" + auth(other));
  CHECK_FALSE(Jobserver::is_inherited(environment));
  CHECK_FALSE(Party(environment).jobserver->is_client());
  CHECK_FALSE(Party(environment).jobserver->warning());
}

TEST_CASE("a pool that is named but not there: our own, and a word about it") {
  const TemporaryDirectory directory("/tmp");  // no blank in its name: make's flags are words
  directory.write("file", "");
  const Pipe pool = pipe_with("");
  const std::string read = std::to_string(pool.read_end.get());
  const std::string write = std::to_string(pool.write_end.get());
  for (const std::string& named : {std::string("987654,987655"),
                                   std::string("-2,-2"),
                                   write + "," + read,
                                   read + "," + read,
                                   std::string("0"),
                                   std::string("x,y"),
                                   read + "," + write + ",",
                                   std::string(),
                                   "fifo:" + (directory / "none"),
                                   "fifo:" + (directory / "file"),
                                   "fifo:" + directory.path(),
                                   std::string("fifo:")}) {
    INFO(named);
    const Environment environment = with("MAKEFLAGS", "-j2 --jobserver-auth=" + named);
    CHECK_FALSE(Jobserver::is_inherited(environment));
    Party party(environment, 3);
    CHECK_FALSE(party.jobserver->is_client());
    REQUIRE(party.jobserver->warning());
    CHECK(party.jobserver->warning()->find("`" + named + "`") != std::string::npos);
    party.jobserver->want(9);
    CHECK(party.granted_now() == 2);
  }
}

TEST_CASE("descriptors that are open but no pipe are not touched") {
  const TemporaryDirectory directory;
  directory.write("file", "precious");
  const int file = ::open((directory / "file").c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(file >= 0);
  {
    Party party(with("MAKEFLAGS", "--jobserver-auth=" + std::to_string(file) + "," + std::to_string(file)));
    CHECK_FALSE(party.jobserver->is_client());
  }
  ::close(file);
  CHECK(directory.read("file") == "precious");
}

TEST_CASE("giving back never blocks, even when somebody filled the pipe") {
  const Pipe pool = pipe_with("a");
  Party client(with("MAKEFLAGS", "--jobserver-auth=" + auth(pool)));
  client.jobserver->want(1);
  REQUIRE(client.granted_now() == 1);
  const auto filler = pcargo::platform::reopen_pipe(pool.write_end.get(), pcargo::platform::Access::kWrite);
  REQUIRE(filler);
  const std::string page(4096, '+');
  while (write_available(filler->get(), page) > 0) {
  }
  client.jobserver->give_back();
  CHECK(client.jobserver->held() == 0);
}

// The rest runs make, which runs this program again with one of the two hidden cases below.

namespace {

SpawnOptions make(const std::string& recipe, const TemporaryDirectory& directory, const std::string& hidden_case) {
  auto self = pcargo::platform::current_executable();
  REQUIRE(self);
  directory.write("Makefile", "all:\n\t" + recipe + *self + " '" + hidden_case + "'\n");
  SpawnOptions options;
  options.argv = {"make", "-j3", "-C", directory.path()};
  options.search_path = "/usr/local/bin:/usr/bin:/bin";
  options.environment = {"PATH=" + options.search_path};
  return options;
}

void expect_success(const SpawnOptions& options, const std::string& expected_output = {}) {
  const auto completed = run_to_end(options);
  if (!completed) {
    WARN("no make here");
    return;
  }
  INFO(completed->out << completed->err);
  CHECK(completed->status.success());
  CHECK(completed->out.find(expected_output) != std::string::npos);
  // make counts its tokens when it leaves, and complains about a pool that it cannot use.
  CHECK(completed->err.find("jobserver") == std::string::npos);
}

}  // namespace

TEST_CASE("make -j3 lets a + recipe have its two tokens, and gets them back") {
  const TemporaryDirectory directory;
  expect_success(make("+", directory, "under make with +"), "in 1 test case");
}

TEST_CASE("make -j3 without + gives us its flags only: we notice") {
  const TemporaryDirectory directory;
  expect_success(make("", directory, "under make without +"), "in 1 test case");
}

TEST_CASE("under make with +", "[.]") {
  Party client(pcargo::platform::current_environment(), 9);
  CHECK(client.jobserver->is_client());
  client.jobserver->want(5);
  CHECK(client.granted_now() == 2);
  CHECK(client.granted_now() == 2);
}

TEST_CASE("under make without +", "[.]") {
  Party client(pcargo::platform::current_environment(), 9);
  if (client.jobserver->is_client()) {
    // make 4.4 and newer: a fifo can be had by everybody.
    CHECK(client.jobserver->inherited_descriptors().empty());
  } else {
    CHECK(client.jobserver->warning());
  }
}

TEST_CASE("make as our child takes tokens from our pool, and puts them back") {
  Party server({}, 3);
  const TemporaryDirectory directory;
  // Two recipes that meet at a fifo: opening it waits for the other one, so both must run at once. One is make's own
  // slot, the other needs a token of ours.
  REQUIRE(::mkfifo((directory / "meet").c_str(), 0600) == 0);
  directory.write("Makefile", "all: x y\nx:\n\t@echo > meet\ny:\n\t@read l < meet\n");
  SpawnOptions options;
  options.argv = {"make", "-C", directory.path()};
  options.search_path = "/usr/local/bin:/usr/bin:/bin";
  options.environment = {"PATH=" + options.search_path, "MAKEFLAGS=" + server.jobserver->environment_value()};
  options.inherited_descriptors = server.jobserver->inherited_descriptors();
  expect_success(options);
  server.jobserver->want(9);
  CHECK(server.granted_now() == 2);
}
