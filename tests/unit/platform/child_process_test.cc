// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/child_process.h"

#include "platform/descriptor.h"
#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>

using namespace pcargo::platform;
using pcargo::Error;

namespace {

SpawnOptions shell(const std::string& script) {
  SpawnOptions options;
  options.argv = {"/bin/sh", "-c", script};
  options.environment = {"PATH=/usr/bin:/bin"};
  return options;
}

Completed complete(const SpawnOptions& options) {
  auto completed = run_to_end(options);
  if (!completed) {
    FAIL(completed.error().message);
  }
  return *completed;
}

Completed complete(const std::string& script) {
  return complete(shell(script));
}

Error failure(const SpawnOptions& options) {
  auto completed = run_to_end(options);
  REQUIRE_FALSE(completed);
  return completed.error();
}

/// For a redirection: dash knows no descriptor above 9 by number.
std::string by_path(const Descriptor& descriptor) {
  return "/dev/fd/" + std::to_string(descriptor.get());
}

/// A script that waits until nobody holds the other end of `gate` open for writing.
std::string until_closed(const Pipe& gate) {
  // Not cat: without a standard output it ends at once.
  return "read -r line <" + by_path(gate.read_end);
}

Pipe gate() {
  auto pipe = make_pipe();
  REQUIRE(pipe);
  return std::move(*pipe);
}

/// "pipe:[4711]"
std::string name_of(const Descriptor& descriptor) {
  struct stat about {};
  REQUIRE(::fstat(descriptor.get(), &about) == 0);
  return "pipe:[" + std::to_string(about.st_ino) + "]";
}

bool ends(int descriptor) {
  char byte = 0;
  return ::read(descriptor, &byte, 1) == 0;
}

}  // namespace

TEST_CASE("both streams arrive, each from its own pipe, and the exit code") {
  const Completed completed = complete("echo out; echo err >&2; exit 7");
  CHECK(completed.out == "out\n");
  CHECK(completed.err == "err\n");
  CHECK(completed.status.code == 7);
  CHECK(completed.status.signal == 0);
  CHECK_FALSE(completed.status.success());
}

TEST_CASE("a signal that killed the child is told from an exit code") {
  const Completed completed = complete("kill -TERM $$");
  CHECK(completed.status.signal == SIGTERM);
  CHECK_FALSE(completed.status.success());
}

TEST_CASE("without pidfd a child is waited for by SIGCHLD") {
  SpawnOptions options = shell("echo out; exit 3");
  options.avoid_pidfd = true;
  const Completed completed = complete(options);
  CHECK(completed.out == "out\n");
  CHECK(completed.status.code == 3);
}

TEST_CASE("what a child cost is known") {
  const Completed completed = complete("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done");
  CHECK(completed.status.success());
  CHECK(completed.status.user_us + completed.status.system_us > 0);
  CHECK(completed.status.max_rss_kib > 0);
}

TEST_CASE("the pipes are real ones: a child may open /dev/stdout and /dev/stderr") {
  const Completed completed = complete("echo one > /dev/stdout; echo two > /dev/stderr");
  CHECK(completed.out == "one\n");
  CHECK(completed.err == "two\n");
  CHECK(completed.status.success());
}

TEST_CASE("large output on both pipes at once arrives whole") {
  const Completed completed = complete("head -c 10485760 /dev/zero & head -c 10485760 /dev/zero >&2; wait");
  CHECK(completed.out.size() == 10485760);
  CHECK(completed.err.size() == 10485760);
}

TEST_CASE("standard input is empty unless it is inherited") {
  CHECK(complete("cat; echo end").out == "end\n");
}

TEST_CASE("the environment is exactly the one given") {
  SpawnOptions options;
  options.argv = {"/usr/bin/env"};
  options.environment = {"B=2", "A=1", "EMPTY=", "SPACE=x y=z"};
  CHECK(complete(options).out == "B=2\nA=1\nEMPTY=\nSPACE=x y=z\n");
}

TEST_CASE("a child runs in the directory it was given, and relative programs are found from there") {
  const pcargo::support::TemporaryDirectory directory;
  directory.write("tool", "#!/bin/sh\npwd\n", 0755);
  SpawnOptions options = shell("pwd");
  options.working_directory = directory.path();
  CHECK(complete(options).out == directory.path() + "\n");
  options.argv = {"./tool"};
  CHECK(complete(options).out == directory.path() + "\n");
  options.argv = {"tool"};
  options.search_path = "/nowhere::/usr/bin";
  CHECK(complete(options).out == directory.path() + "\n");
}

TEST_CASE("a program without a slash is found in the child's PATH, past what cannot run") {
  const pcargo::support::TemporaryDirectory directory;
  directory.write("a/tool", "not executable", 0644);
  directory.write("b/tool", "#!/bin/sh\necho b $0 $1\n", 0755);
  SpawnOptions options = shell("");
  options.argv = {"tool", "x"};
  options.search_path = directory.path() + "/a:" + directory.path() + "/none:" + directory.path() + "/b";
  CHECK(complete(options).out == "b " + directory.path() + "/b/tool x\n");
  options.search_path = directory.path() + "/a:" + directory.path() + "/none";
  CHECK(failure(options).causes.back() == "Permission denied (os error 13)");
}

TEST_CASE("a script without #! is run by the shell, as execvp does") {
  const pcargo::support::TemporaryDirectory directory;
  directory.write("tool", "echo shell $1\n", 0755);
  SpawnOptions options = shell("");
  options.argv = {directory.path() + "/tool", "x"};
  CHECK(complete(options).out == "shell x\n");
}

TEST_CASE("a missing program is an error that names the command") {
  SpawnOptions options = shell("");
  options.argv = {"no-such-program", "--flag", "two words", "it's"};
  options.search_path = "/usr/bin:/bin";
  const Error error = failure(options);
  CHECK(error.message ==
        R"(could not execute process `no-such-program --flag 'two words' 'it'\''s'` (never executed))");
  CHECK(error.causes == std::vector<std::string>{"No such file or directory (os error 2)"});
  CHECK(error.kind == pcargo::ErrorKind::kEnvironment);
  CHECK_FALSE(is_too_big(error));
}

TEST_CASE("a missing directory is an error too") {
  SpawnOptions options = shell("true");
  options.working_directory = "/no/such/directory";
  CHECK(failure(options).causes.back() == "No such file or directory (os error 2)");
}

TEST_CASE("an argument that is too long is told from other failures") {
  SpawnOptions options = shell("true");
  options.argv.push_back(std::string(3 << 20, 'x'));
  CHECK(is_too_big(failure(options)));
}

TEST_CASE("a program that somebody still writes is tried again until it can run") {
  const pcargo::support::TemporaryDirectory directory;
  directory.write("tool", "#!/bin/sh\necho ran\n", 0755);
  SpawnOptions options = shell("");
  options.argv = {directory.path() + "/tool"};
  // We hold it open ourselves. The child of the first try dies because of that, and its death lets go.
  static int held = -1;
  held = ::open(options.argv[0].c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  REQUIRE(held >= 0);
  struct sigaction let_go {};
  let_go.sa_handler = [](int) {
    ::close(held);
    held = -1;
  };
  let_go.sa_flags = SA_RESETHAND | SA_RESTART;
  ::sigaction(SIGCHLD, &let_go, nullptr);
  const Completed completed = complete(options);
  ::signal(SIGCHLD, SIG_DFL);
  CHECK(held == -1);
  CHECK(completed.out == "ran\n");
}

TEST_CASE("a child gets what it was promised, and no other descriptor of ours") {
  const Pipe ours = gate();
  const Pipe promised = gate();
  SpawnOptions options = shell("for f in /proc/$$/fd/*; do echo ${f##*/} $(readlink $f); done");
  options.inherited_descriptors = {promised.read_end.get()};
  const std::string listed = complete(options).out;
  CHECK(listed.find(std::to_string(promised.read_end.get()) + " " + name_of(promised.read_end)) != std::string::npos);
  CHECK(listed.find(std::to_string(promised.write_end.get()) + " " + name_of(promised.write_end)) == std::string::npos);
  CHECK(listed.find(name_of(ours.read_end)) == std::string::npos);
  CHECK((::fcntl(promised.read_end.get(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("SIGPIPE is as it is by default in a child although we ignore it") {
  ::signal(SIGPIPE, SIG_IGN);
  const Completed completed = complete("kill -PIPE $$; echo survived");
  ::signal(SIGPIPE, SIG_DFL);
  CHECK(completed.status.signal == SIGPIPE);
}

TEST_CASE("a signal blocked in us is not blocked in a child") {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  const Completed completed = complete("kill -TERM $$; echo survived");
  ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
  CHECK(completed.status.signal == SIGTERM);
}

TEST_CASE("a child has a process group of its own, or stays in ours") {
  const std::string script = "cut -d' ' -f1,5 /proc/$$/stat";
  const std::string own = complete(script).out;
  CHECK(own.substr(0, own.find(' ')) + "\n" == own.substr(own.find(' ') + 1));
  SpawnOptions options = shell(script);
  options.own_process_group = false;
  const std::string shared = complete(options).out;
  CHECK(shared.substr(shared.find(' ') + 1) == std::to_string(::getpgrp()) + "\n");
}

TEST_CASE("a signal reaches the whole group, grandchildren included") {
  EventLoop loop;
  // The leader outlives the signal until the grandchild is over: what kills the rest of a group when its leader has
  // gone cannot have been at work. The grandchild says when it is there: a shell just forked still has its parent's
  // trap.
  const SpawnOptions options = shell("trap 'wait; exit 7' TERM; /bin/sh -c 'echo started; exec sleep 1000' & wait");
  ExitStatus ended;
  ChildProcess child;
  ChildProcess::Callbacks callbacks;
  callbacks.on_stdout = [&](std::string_view) { child.signal(SIGTERM); };
  callbacks.on_over = [&](const ExitStatus& status, bool left_open) {
    ended = status;
    CHECK_FALSE(left_open);
  };
  auto spawned = ChildProcess::spawn(loop, options, std::move(callbacks));
  REQUIRE(spawned);
  child = std::move(*spawned);
  loop.run();
  CHECK(ended.code == 7);
}

TEST_CASE("what ignores the signal is killed when its signalled leader is over") {
  EventLoop loop;
  Pipe alive = gate();
  SpawnOptions options = shell("(trap '' TERM; echo started; exec sleep 1000 >/dev/null 2>&1) & wait");
  options.inherited_descriptors = {alive.write_end.get()};
  ChildProcess child;
  ChildProcess::Callbacks callbacks;
  callbacks.on_stdout = [&](std::string_view) { child.signal(SIGTERM); };
  auto spawned = ChildProcess::spawn(loop, options, std::move(callbacks));
  REQUIRE(spawned);
  child = std::move(*spawned);
  alive.write_end.reset();
  loop.run();
  CHECK(ends(alive.read_end.get()));
}

TEST_CASE("a signal to a child that is over goes nowhere") {
  EventLoop loop;
  auto child = ChildProcess::spawn(loop, shell("exit 0"), {});
  REQUIRE(child);
  loop.run();
  child->signal(SIGKILL);
  ChildProcess().signal(SIGKILL);
  CHECK(ChildProcess().pid() == -1);
}

TEST_CASE("a grandchild that holds the pipes does not hold us") {
  EventLoop loop;
  Pipe release = gate();
  // It lives on until the test lets go of `release`: it is not killed, nobody signalled its group.
  SpawnOptions options = shell(until_closed(release) + " & echo before; exit 4");
  options.inherited_descriptors = {release.read_end.get()};
  std::string out;
  int overs = 0;
  ChildProcess::Callbacks callbacks;
  callbacks.on_stdout = [&](std::string_view bytes) { out += bytes; };
  callbacks.on_over = [&](const ExitStatus& status, bool left_open) {
    ++overs;
    CHECK(left_open);
    CHECK(status.code == 4);
  };
  auto child = ChildProcess::spawn(loop, options, std::move(callbacks));
  REQUIRE(child);
  loop.run();
  CHECK(overs == 1);
  CHECK(out == "before\n");
}

TEST_CASE("closed pipes alone do not end a child") {
  EventLoop loop;
  Pipe release = gate();
  SpawnOptions options = shell("exec >&- 2>&-; " + until_closed(release) + "; exit 5");
  options.inherited_descriptors = {release.read_end.get()};
  int code = -1;
  ChildProcess::Callbacks callbacks;
  callbacks.on_over = [&](const ExitStatus& status, bool left_open) {
    code = status.code;
    CHECK_FALSE(left_open);
  };
  auto child = ChildProcess::spawn(loop, options, std::move(callbacks));
  REQUIRE(child);
  loop.poll();
  CHECK(code == -1);
  release.write_end.reset();
  loop.run();
  CHECK(code == 5);
}

TEST_CASE("a destroyed child is killed with its group, without a further word") {
  Pipe alive = gate();
  {
    EventLoop loop;
    SpawnOptions options = shell("sleep 1000 & echo started; wait");
    options.inherited_descriptors = {alive.write_end.get()};
    ChildProcess child;
    ChildProcess::Callbacks callbacks;
    callbacks.on_stdout = [&](std::string_view) { child = ChildProcess(); };
    callbacks.on_over = [&](const ExitStatus&, bool) { FAIL("nobody listens any more"); };
    auto spawned = ChildProcess::spawn(loop, options, std::move(callbacks));
    REQUIRE(spawned);
    child = std::move(*spawned);
    alive.write_end.reset();
    loop.run();
  }
  CHECK(ends(alive.read_end.get()));
}

TEST_CASE("a child may be destroyed in its last callback") {
  EventLoop loop;
  ChildProcess child;
  bool over = false;
  ChildProcess::Callbacks callbacks;
  callbacks.on_over = [&](const ExitStatus&, bool) {
    child = ChildProcess();
    over = true;
  };
  auto spawned = ChildProcess::spawn(loop, shell("echo x"), std::move(callbacks));
  REQUIRE(spawned);
  child = std::move(*spawned);
  loop.run();
  CHECK(over);
}

TEST_CASE("a hundred children at once all end, each with its own output") {
  EventLoop loop;
  std::vector<ChildProcess> children;
  std::vector<std::string> outputs(100);
  int overs = 0;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    ChildProcess::Callbacks callbacks;
    callbacks.on_stdout = [&outputs, i](std::string_view bytes) { outputs[i] += bytes; };
    callbacks.on_over = [&](const ExitStatus&, bool) { ++overs; };
    auto child = ChildProcess::spawn(loop, shell("echo " + std::to_string(i)), std::move(callbacks));
    REQUIRE(child);
    children.push_back(std::move(*child));
  }
  loop.run();
  CHECK(overs == 100);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    CHECK(outputs[i] == std::to_string(i) + "\n");
  }
}
