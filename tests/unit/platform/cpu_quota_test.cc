// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/cpu_quota.h"

#include "platform/resource_limits.h"
#include "support/memory_file_system.h"

#include <catch2/catch.hpp>

using pcargo::platform::cpu_quota;
using pcargo::test::MemoryFileSystem;

namespace {

MemoryFileSystem version_2(const std::string& group) {
  MemoryFileSystem files;
  files.files["/proc/self/cgroup"] = "0::" + group + "\n";
  files.files["/sys/fs/cgroup" + (group == "/" ? "" : group) + "/cgroup.controllers"] = "cpu io\n";
  return files;
}

}  // namespace

TEST_CASE("no control group, no quota") {
  CHECK(cpu_quota(MemoryFileSystem()) == std::nullopt);
  CHECK(cpu_quota(version_2("/")) == std::nullopt);
}

TEST_CASE("version 2: the smallest of the group and those above it, rounded down") {
  MemoryFileSystem files = version_2("/a/b");
  files.files["/sys/fs/cgroup/a/b/cpu.max"] = "max 100000\n";
  CHECK(cpu_quota(files) == std::nullopt);
  files.files["/sys/fs/cgroup/a/cpu.max"] = "350000 100000\n";
  CHECK(cpu_quota(files) == 3);
  files.files["/sys/fs/cgroup/a/b/cpu.max"] = "800000 100000\n";
  CHECK(cpu_quota(files) == 3);
  files.files["/sys/fs/cgroup/cpu.max"] = "50000 100000\n";
  CHECK(cpu_quota(files) == 0);
}

TEST_CASE("version 2: not believed where the group is not mounted") {
  MemoryFileSystem files;
  files.files["/proc/self/cgroup"] = "0::/a\n";
  files.files["/sys/fs/cgroup/cpu.max"] = "100000 100000\n";
  CHECK(cpu_quota(files) == std::nullopt);
}

TEST_CASE("version 1: a group with cpu goes before version 2") {
  MemoryFileSystem files = version_2("/b");
  files.files["/sys/fs/cgroup/b/cpu.max"] = "100000 100000\n";
  files.files["/proc/self/cgroup"] = "0::/b\n5:memory:/m\n4:cpu,cpuacct:/a\n";
  files.files["/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us"] = "400000\n";
  files.files["/sys/fs/cgroup/cpu/a/cpu.cfs_period_us"] = "100000\n";
  CHECK(cpu_quota(files) == 4);
  files.files["/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us"] = "-1\n";
  CHECK(cpu_quota(files) == std::nullopt);
}

TEST_CASE("version 1: at an unusual place, with the group cut to its mount") {
  MemoryFileSystem files;
  files.files["/proc/self/cgroup"] = "4:cpu:/docker/x/sub\n";
  files.files["/proc/self/mountinfo"] =
      "30 24 0:26 / /sys rw - sysfs sysfs rw\n"
      "31 24 0:27 /docker/x /mnt/cpu rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct\n";
  files.files["/mnt/cpu/sub/cpu.cfs_quota_us"] = "200000\n";
  files.files["/mnt/cpu/sub/cpu.cfs_period_us"] = "100000\n";
  CHECK(cpu_quota(files) == 2);
}

TEST_CASE("garbage is no quota") {
  MemoryFileSystem files = version_2("/a");
  for (const char* text : {"", "\n", "x y\n", "100000\n", "100000 0\n", "1 2 3 4", "-5 100000"}) {
    files.files["/sys/fs/cgroup/a/cpu.max"] = text;
    CHECK(cpu_quota(files).value_or(0) == 0);
  }
  files.files["/proc/self/cgroup"] = "nonsense\n::\n0:\n:";
  CHECK(cpu_quota(files) == std::nullopt);
}

TEST_CASE("this machine has at least one processor") {
  CHECK(pcargo::platform::available_parallelism() >= 1);
}
