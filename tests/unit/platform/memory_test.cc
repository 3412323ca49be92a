// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/memory.h"

#include "platform/real_file_system.h"
#include "support/memory_file_system.h"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <vector>

using pcargo::platform::available_memory;
using pcargo::platform::memory_kills;
using pcargo::platform::process_memory;
using pcargo::platform::RealFileSystem;
using pcargo::test::MemoryFileSystem;

namespace {

MemoryFileSystem machine() {
  MemoryFileSystem files;
  files.files["/proc/meminfo"] = "MemTotal:       24000 kB\nMemFree:  5 kB\nMemAvailable:    1000 kB\n";
  files.files["/proc/vmstat"] = "nr_free_pages 7\noom_kill 3\noom_kill_x 9\n";
  return files;
}

MemoryFileSystem version_2() {
  MemoryFileSystem files = machine();
  files.files["/proc/self/cgroup"] = "0::/a/b\n";
  files.files["/sys/fs/cgroup/a/b/cgroup.controllers"] = "memory\n";
  files.files["/sys/fs/cgroup/a/b/memory.max"] = "max\n";
  files.files["/sys/fs/cgroup/a/b/memory.current"] = "500000\n";
  return files;
}

}  // namespace

TEST_CASE("what the machine has available; nothing where it does not say") {
  CHECK(available_memory(machine()) == 1000U * 1024);
  CHECK(available_memory(MemoryFileSystem()) == std::nullopt);
  MemoryFileSystem files;
  files.files["/proc/meminfo"] = "MemAvailable: lots\n";
  CHECK(available_memory(files) == std::nullopt);
}

TEST_CASE("version 2: what the group and those above it leave, without files that nobody uses") {
  MemoryFileSystem files = version_2();
  CHECK(available_memory(files) == 1000U * 1024);
  files.files["/sys/fs/cgroup/a/memory.max"] = "900000\n";
  CHECK(available_memory(files) == 1000U * 1024);  // and nobody knows what is used of it
  files.files["/sys/fs/cgroup/a/memory.current"] = "600000\n";
  CHECK(available_memory(files) == 300000);
  files.files["/sys/fs/cgroup/a/memory.stat"] = "anon 400000\ninactive_file 150000\n";
  CHECK(available_memory(files) == 450000);
  files.files["/sys/fs/cgroup/a/b/memory.high"] = "510000\n";
  CHECK(available_memory(files) == 10000);
  files.files["/sys/fs/cgroup/a/b/memory.max"] = "400000\n";
  CHECK(available_memory(files) == 0);
}

TEST_CASE("version 1: the group's limit, which is huge where there is none") {
  MemoryFileSystem files = machine();
  files.files["/proc/self/cgroup"] = "5:memory:/m\n4:cpu,cpuacct:/a\n0::/b\n";
  files.files["/sys/fs/cgroup/memory/m/memory.limit_in_bytes"] = "9223372036854771712\n";
  files.files["/sys/fs/cgroup/memory/m/memory.usage_in_bytes"] = "1000\n";
  CHECK(available_memory(files) == 1000U * 1024);
  files.files["/sys/fs/cgroup/memory/m/memory.limit_in_bytes"] = "5000\n";
  files.files["/sys/fs/cgroup/memory/m/memory.stat"] = "inactive_file 1\ntotal_inactive_file 300\n";
  CHECK(available_memory(files) == 4300);
  files.files["/sys/fs/cgroup/memory/m/memory.oom_control"] = "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n";
  CHECK(memory_kills(files) == 2);
}

TEST_CASE("who was killed is counted in the group, else on the machine") {
  MemoryFileSystem files = version_2();
  CHECK(memory_kills(files) == 3);
  files.files["/sys/fs/cgroup/a/b/memory.events"] = "low 0\nmax 12\noom 5\noom_kill 4\noom_group_kill 0\n";
  CHECK(memory_kills(files) == 4);
  CHECK(memory_kills(MemoryFileSystem()) == std::nullopt);
}

TEST_CASE("what a process has and had") {
  MemoryFileSystem files;
  files.files["/proc/7/status"] = "Name:\tVmHWM:\nVmPeak:\t  900 kB\nVmHWM:\t     120 kB\nVmRSS:\t      80 kB\n";
  const auto memory = process_memory(files, 7);
  REQUIRE(memory);
  CHECK(memory->now == 80 * 1024);
  CHECK(memory->peak == 120 * 1024);
  files.files["/proc/7/status"] = "Name:\tzombie\n";
  CHECK_FALSE(process_memory(files, 7));
  CHECK_FALSE(process_memory(files, 8));
}

TEST_CASE("this machine says all of it") {
  const RealFileSystem files;
  CHECK(available_memory(files).value_or(0) > 0);
  const std::vector<char> touched(std::size_t{8} << 20, 'x');
  const auto own = process_memory(files, ::getpid());
  REQUIRE(own);
  CHECK(own->now >= static_cast<std::int64_t>(touched.size()));
  CHECK(own->peak >= own->now);
}
