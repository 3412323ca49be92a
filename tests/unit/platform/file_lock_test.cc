// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/file_lock.h"

#include "platform/child_process.h"
#include "platform/descriptor.h"
#include "platform/files.h"
#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <filesystem>
#include <optional>
#include <string>

using namespace pcargo::platform;
using pcargo::support::TemporaryDirectory;

namespace {

/// flock(1) as another program: 0 when it could take the lock.
int exit_code_of_another_try(const std::string& path) {
  SpawnOptions options;
  options.argv = {"flock", "--nonblock", path, "true"};
  options.search_path = "/usr/bin:/bin";
  auto completed = run_to_end(options);
  REQUIRE(completed);
  return completed->status.code;
}

bool is_free(const std::string& path) {
  auto lock = FileLock::try_lock(path);
  REQUIRE(lock);
  return lock->has_value();
}

}  // namespace

TEST_CASE("one holder at a time, until it is gone") {
  const TemporaryDirectory directory;
  const std::string path = directory / ".lock";
  {
    auto lock = FileLock::lock(path);
    REQUIRE(lock);
    CHECK(lock->is_effective());
    CHECK_FALSE(is_free(path));
    CHECK(exit_code_of_another_try(path) == 1);
  }
  CHECK(is_free(path));
  CHECK(exit_code_of_another_try(path) == 0);
}

TEST_CASE("a lock on a file that was replaced hinders nobody at the path") {
  const TemporaryDirectory directory;
  const std::string path = directory / ".lock";
  auto old = FileLock::lock(path);
  REQUIRE(old);
  REQUIRE(remove_file(path));
  auto fresh = FileLock::try_lock(path);
  REQUIRE(fresh);
  CHECK(fresh->has_value());
}

TEST_CASE("a waiter whose file is replaced meanwhile locks the new one") {
  if (!read_file("/proc/locks")) {
    WARN("the system does not say who waits for a lock");
    return;
  }
  const TemporaryDirectory directory;
  const std::string path = directory / ".lock";
  auto ready = make_pipe();
  REQUIRE(ready);
  // The other program holds the first file until it sees us wait for it, then puts a new one at the path and lets go.
  const std::string script =
      R"(echo > /dev/fd/$0; until grep -q -- "-> FLOCK.* $1 " /proc/locks; do :; done; rm "$2"; : > "$2")";
  SpawnOptions options;
  options.argv = {
      "flock", path, "/bin/sh", "-c", script, std::to_string(ready->write_end.get()), std::to_string(::getpid()), path};
  options.search_path = "/usr/bin:/bin";
  options.environment = {"PATH=/usr/bin:/bin"};
  options.inherited_descriptors = {ready->write_end.get()};
  EventLoop loop;
  auto other = ChildProcess::spawn(loop, options, {});
  REQUIRE(other);
  std::string byte(1, ' ');
  REQUIRE(read_available(ready->read_end.get(), byte.data(), 1) == 1);
  auto lock = FileLock::lock(path);
  REQUIRE(lock);
  CHECK_FALSE(is_free(path));
  loop.run();
}

TEST_CASE("readers share a lock that keeps a writer out") {
  const TemporaryDirectory directory;
  const std::string path = directory / ".lock";
  auto first = FileLock::try_lock(path, LockMode::kShared);
  auto second = FileLock::try_lock(path, LockMode::kShared);
  REQUIRE((first && *first && second && *second));
  CHECK_FALSE(is_free(path));
  first->reset();
  CHECK_FALSE(is_free(path));
  second->reset();
  CHECK(is_free(path));
}

TEST_CASE("the holder's signature stands in the file for as long as it holds") {
  const TemporaryDirectory directory;
  const std::string path = directory / ".lock";
  CHECK(read_lock_holder(path) == std::nullopt);
  {
    auto lock = FileLock::lock(path);
    REQUIRE(lock);
    CHECK(read_lock_holder(path) == std::nullopt);
    lock->sign({1, "host", 2, "a longer command"});
    lock->sign({1, "host", 2, "command"});
    CHECK(read_lock_holder(path) == LockHolder{1, "host", 2, "command"});
    const FileLock moved = *std::move(lock);
    CHECK(read_lock_holder(path) == LockHolder{1, "host", 2, "command"});
  }
  CHECK(read_lock_holder(path) == std::nullopt);
  directory.write(".lock", std::string(100'000, 'x'));
  CHECK(read_lock_holder(path) == std::nullopt);
}

TEST_CASE("network file systems are known by their magic") {
  CHECK(is_network_file_system(0x6969));
  CHECK(is_network_file_system(0xff534d42));
  CHECK(is_network_file_system(static_cast<std::int32_t>(0xfe534d42)));
  CHECK_FALSE(is_network_file_system(0xef53));      // ext4
  CHECK_FALSE(is_network_file_system(0x65735546));  // FUSE
}

TEST_CASE("a long wait is told once, and then goes on") {
  const TemporaryDirectory directory;
  const std::string path = directory / ".lock";
  auto gate = make_pipe();
  auto ready = make_pipe();
  REQUIRE((gate && ready));
  SpawnOptions options;
  options.argv = {"flock", path, "/bin/sh", "-c", "echo > /dev/fd/$0; read line < /dev/fd/$1"};
  options.argv.push_back(std::to_string(ready->write_end.get()));
  options.argv.push_back(std::to_string(gate->read_end.get()));
  options.search_path = "/usr/bin:/bin";
  options.inherited_descriptors = {ready->write_end.get(), gate->read_end.get()};
  EventLoop loop;
  auto other = ChildProcess::spawn(loop, options, {});
  REQUIRE(other);
  std::string byte(1, ' ');
  REQUIRE(read_available(ready->read_end.get(), byte.data(), 1) == 1);
  int told = 0;
  auto lock = FileLock::lock(path, [&] {
    ++told;
    gate->write_end.reset();
  });
  REQUIRE(lock);
  CHECK(told == 1);
  loop.run();
}

TEST_CASE("a lock in a directory that is not there is an error in cargo's words") {
  const TemporaryDirectory directory;
  const auto failed = FileLock::try_lock(directory / "none/.lock");
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message == "failed to open: " + directory.path() + "/none/.lock");
}

TEST_CASE("a child does not hold the lock on") {
  const TemporaryDirectory directory;
  const std::string path = directory / ".lock";
  auto gate = make_pipe();
  REQUIRE(gate);
  EventLoop loop;
  std::optional<FileLock> lock;
  {
    auto taken = FileLock::lock(path);
    REQUIRE(taken);
    lock = std::move(*taken);
  }
  SpawnOptions options;
  options.argv = {"/bin/sh", "-c", "echo started; read line < /dev/fd/" + std::to_string(gate->read_end.get())};
  options.inherited_descriptors = {gate->read_end.get()};
  // Started and not only spawned: the kernel lets us go on a moment before it closes what the child must not have.
  ChildProcess::Callbacks callbacks;
  callbacks.on_stdout = [&](std::string_view) { loop.stop(); };
  auto child = ChildProcess::spawn(loop, options, std::move(callbacks));
  REQUIRE(child);
  loop.run();
  lock.reset();
  CHECK(is_free(path));
  gate->write_end.reset();
  loop.run();
}
