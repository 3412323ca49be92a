// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/process.h"

#include "platform/child_process.h"
#include "platform/descriptor.h"
#include "platform/resource_limits.h"
#include "platform/terminal.h"
#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>

using namespace pcargo::platform;
using pcargo::Environment;

namespace {

/// Runs `action` in a forked copy of this test and gives its wait status. The copy ends with code 99 if `action`
/// returns.
template <class Action>
int status_in_a_copy(Action action) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    action();
    ::_exit(99);
  }
  int status = 0;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  return status;
}

/// What a copy of this test wrote to its stdout.
template <class Action>
std::string output_in_a_copy(Action action) {
  auto pipe = make_pipe();
  REQUIRE(pipe);
  const int status = status_in_a_copy([&] {
    ::dup2(pipe->write_end.get(), STDOUT_FILENO);
    action();
  });
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  pipe->write_end.reset();
  std::string output(1000, ' ');
  output.resize(read_available(pipe->read_end.get(), output.data(), output.size()));
  return output;
}

}  // namespace

TEST_CASE("dying of a signal is seen as that, even when it was ignored and blocked") {
  const int status = status_in_a_copy([] {
    ::signal(SIGINT, SIG_IGN);
    sigset_t all;
    ::sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, nullptr);
    die_of_signal(SIGINT);
  });
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGINT);
}

TEST_CASE("a replaced process has the arguments, environment and directory it was given") {
  const pcargo::support::TemporaryDirectory directory;
  const std::string output = output_in_a_copy([&] {
    Environment environment;
    environment.set("PATH", "/nowhere:/usr/bin:/bin");
    environment.set("WORD", "hello");
    replace_process({"sh", "-c", "echo $1 $WORD; pwd; env | grep -c .", "sh", "arg"}, environment, directory.path());
  });
  // PATH, WORD, and the shell's own PWD.
  CHECK(output == "arg hello\n" + directory.path() + "\n3\n");
}

TEST_CASE("a script without #! can replace us too") {
  const pcargo::support::TemporaryDirectory directory;
  directory.write("tool", "echo shell $1\n", 0755);
  CHECK(output_in_a_copy([&] { replace_process({directory / "tool", "x"}, Environment()); }) == "shell x\n");
}

TEST_CASE("no descriptors left is an error that names the command, and no child") {
  const std::string output = output_in_a_copy([] {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    EventLoop loop;
    auto last = make_pipe();
    limit.rlim_cur = static_cast<rlim_t>(last->write_end.get()) + 1;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    SpawnOptions options;
    options.argv = {"/bin/true"};
    auto child = ChildProcess::spawn(loop, options, {});
    write_available(STDOUT_FILENO, child ? "a child" : child.error().message + ": " + child.error().causes.back());
    ::_exit(0);
  });
  CHECK(output == "could not execute process `/bin/true` (never executed): Too many open files (os error 24)");
}

TEST_CASE("a replaced process dies of a broken pipe although we would not") {
  const int status = status_in_a_copy([] {
    set_up_process();
    ::raise(SIGPIPE);
    replace_process({"/bin/sh", "-c", "kill -PIPE $$"}, Environment());
  });
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGPIPE);
}

TEST_CASE("replacing by a program that is not there is an error, and we go on") {
  const auto error = replace_process({"no-such-program", "a b"}, Environment());
  CHECK(error.message == "could not execute process `no-such-program 'a b'` (never executed)");
  CHECK(error.causes.back() == "No such file or directory (os error 2)");
}

TEST_CASE("children keep the descriptor limit we were started with") {
  const std::string output = output_in_a_copy([] {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max < 300 ? limit.rlim_max - 1 : 300;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    raise_descriptor_limit();
    const bool raised = descriptor_limit() == limit.rlim_max;
    SpawnOptions options;
    options.argv = {"/bin/sh", "-c", "ulimit -n"};
    auto completed = run_to_end(options);
    const bool kept = completed && completed->out == std::to_string(limit.rlim_cur) + "\n";
    const std::string verdict = std::string(raised ? "raised " : "not raised ") + (kept ? "kept" : "not kept");
    write_available(STDOUT_FILENO, verdict);
    ::_exit(0);
  });
  CHECK(output == "raised kept");
}

TEST_CASE("as many jobs as there are descriptors for, and one in any case") {
  const std::string output = output_in_a_copy([] {
    for (const rlim_t soft : {8, 30, 100, 200}) {
      const rlimit limit{soft, 200};
      ::setrlimit(RLIMIT_NOFILE, &limit);
      const unsigned room = room_for_jobs(4);
      // Less than all of them, but not by much more than what is kept for passing needs.
      const bool fits = room == 1 || (room * 4 < soft && room * 4 + 60 > soft);
      write_available(STDOUT_FILENO, std::string(fits ? "fits" : "does not fit") + (room > 1 ? "\n" : " one\n"));
    }
    ::_exit(0);
  });
  CHECK(output == "fits one\nfits one\nfits\nfits\n");
}

TEST_CASE("closed standard streams are opened before anything else can take their numbers") {
  const int status = status_in_a_copy([] {
    ::close(STDIN_FILENO);
    ::close(STDERR_FILENO);
    set_up_process();
    auto pipe = make_pipe();
    ::_exit(pipe && pipe->read_end.get() > STDERR_FILENO && pipe->write_end.get() > STDERR_FILENO ? 0 : 1);
  });
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("where we are and what we are") {
  CHECK(*current_directory() == std::filesystem::current_path().string());
  CHECK(std::filesystem::path(*current_executable()).filename() == "unit_platform");
  ::setenv("PCARGO_TEST_VARIABLE", "x=y", 1);
  CHECK(current_environment().get("PCARGO_TEST_VARIABLE") == "x=y");
  ::unsetenv("PCARGO_TEST_VARIABLE");
}

TEST_CASE("a directory that is gone is an error, not a crash") {
  const int status = status_in_a_copy([] {
    std::string gone;
    {
      const pcargo::support::TemporaryDirectory directory;
      std::filesystem::current_path(directory.path());
    }
    ::_exit(current_directory() ? 1 : 0);
  });
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("a pipe is no terminal and has no width") {
  auto pipe = make_pipe();
  REQUIRE(pipe);
  CHECK_FALSE(is_terminal(pipe->read_end.get()));
  CHECK(terminal_width(pipe->read_end.get()) == std::nullopt);
}
