// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/memory_limit.h"

#include "support/config_story.h"

#include <catch2/catch.hpp>

namespace pcargo::cli {
namespace {

using test::ConfigStory;
using test::MemoryFileSystem;

TEST_CASE("the argument, else the variable, else the config, else the most of what is available") {
  MemoryFileSystem files;
  files.files["/proc/meminfo"] = "MemAvailable: 800 kB\n";
  Environment environment;
  const auto config = ConfigStory().load();
  const auto limit = [&](std::optional<std::string> argument) {
    return memory_limit(argument, environment, config, files);
  };
  CHECK(*limit({}) == 700 * 1024);
  CHECK(*limit("4G") == std::int64_t{4} << 30);
  environment.set("PCARGO_MEMORY", "3M");
  CHECK(*limit({}) == 3 << 20);
  CHECK(*limit("auto") == 700 * 1024);
  CHECK(*limit("none") == std::nullopt);
  CHECK(*limit("unlimited") == std::nullopt);
  CHECK_FALSE(limit("0"));
  environment.set("PCARGO_MEMORY", "much");
  CHECK(limit({}).error().message == "PCARGO_MEMORY must be a size like 4G or 512M, auto or none, but is `much`");
  const auto other = ConfigStory().config("pcargo.memory = '2M'\n").load();
  CHECK(*memory_limit({}, Environment(), other, files) == 2 << 20);
  files.files.clear();
  CHECK(*limit("auto") == std::nullopt);
}

TEST_CASE("nothing is said when nobody waited") {
  CHECK(told_of({0, 0}, 1) == std::nullopt);
  CHECK(told_of({1, 1'500'000'000}, 3 << 20) == "1 unit waited for memory, for 1.50s together (limit 3 MiB)");
}

}  // namespace
}  // namespace pcargo::cli
