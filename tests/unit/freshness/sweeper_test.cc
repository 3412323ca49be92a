// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/sweeper.h"

#include "freshness/record_store.h"
#include "platform/file_stamp.h"
#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

using namespace pcargo;
using namespace pcargo::freshness;

namespace {

constexpr std::int64_t kDayNs = std::int64_t{24} * 3600 * 1'000'000'000;
constexpr std::int64_t kNow = 20'000 * kDayNs;

class BuildDirectory {
 public:
  BuildDirectory() {
    directory.write("pcargo/swept", "");
    age("pcargo/swept", 2);
  }

  void age(const std::string& relative, std::int64_t days) const {
    const std::int64_t seconds = (kNow - days * kDayNs) / 1'000'000'000;
    const struct timespec times[2] = {{seconds, 0}, {seconds, 0}};
    REQUIRE(::utimensat(AT_FDCWD, (directory / relative).c_str(), times, AT_SYMLINK_NOFOLLOW) == 0);
  }

  /// One with an output, its own incremental directory and an OUT_DIR, met that many days ago.
  void unit(const std::string& name,
            std::int64_t days,
            std::uint64_t bytes = 100,
            const std::string& profile = "debug") {
    const std::string own = "pcargo/" + profile;
    directory.write(own + "/deps/lib" + name + ".rlib", "code");
    directory.write(own + "/incremental/" + name + "/s-1/work", "x");
    directory.write(profile + "/build/" + name + "/out/made", "x");
    Record record;
    record.outputs.push_back({directory / (own + "/deps/lib" + name + ".rlib"), {}});
    record.outputs.front().look.stamp.size = bytes;
    record.outputs.push_back({directory / "final", {}});  // not ours to remove
    REQUIRE(RecordStore::write(directory / (own + "/records/" + name), record));
    age(own + "/records/" + name, days);
    for (const char* below : {"/deps/lib", "/incremental/"}) {
      age(own + below + name + (below[1] == 'd' ? ".rlib" : ""), 100);
    }
  }

  bool has(const std::string& relative) const { return std::filesystem::exists(directory / relative); }
  bool has_all_of(const std::string& name, const std::string& profile = "debug") const {
    return has("pcargo/" + profile + "/records/" + name) && has("pcargo/" + profile + "/deps/lib" + name + ".rlib") &&
           has("pcargo/" + profile + "/incremental/" + name) && has(profile + "/build/" + name);
  }
  bool has_any_of(const std::string& name, const std::string& profile = "debug") const {
    return has("pcargo/" + profile + "/records/" + name) || has("pcargo/" + profile + "/deps/lib" + name + ".rlib") ||
           has("pcargo/" + profile + "/incremental/" + name) || has(profile + "/build/" + name);
  }

  Swept sweep(const SweepLimits& limits = {}) const { return freshness::sweep(directory.path(), limits, kNow); }

  support::TemporaryDirectory directory;
};

}  // namespace

TEST_CASE("what no build met for weeks goes with all that it left") {
  BuildDirectory build;
  build.unit("old-1", 29);
  build.unit("young-2", 27);
  build.unit("old-3", 29, 100, "riscv64/release");
  build.directory.write("final", "the user's");
  CHECK(build.sweep() == Swept{2, 0});
  CHECK(!build.has_any_of("old-1"));
  CHECK(!build.has_any_of("old-3", "riscv64/release"));
  CHECK(build.has_all_of("young-2"));
  CHECK(build.has("final"));
}

TEST_CASE("it is done once a day, and not in a new directory") {
  BuildDirectory build;
  build.unit("old-1", 29);
  SECTION("done today") {
    build.age("pcargo/swept", 0);
  }
  SECTION("never done") {
    std::filesystem::remove(build.directory / "pcargo/swept");
  }
  CHECK(build.sweep() == Swept{});
  CHECK(build.has_all_of("old-1"));
  CHECK(build.has("pcargo/swept"));
}

TEST_CASE("beyond the size the longest unused go, but none that was met today") {
  BuildDirectory build;
  build.unit("a-1", 5, 400);
  build.unit("b-2", 4, 400);
  build.unit("c-3", 3, 400);
  build.unit("d-4", 0, 400);
  SECTION("as many as need be") {
    CHECK(build.sweep({28, 1000}) == Swept{2, 0});
    CHECK(!build.has_any_of("a-1"));
    CHECK(!build.has_any_of("b-2"));
    CHECK(build.has_all_of("c-3"));
  }
  SECTION("today's never") {
    CHECK(build.sweep({28, 1}) == Swept{3, 0});
  }
  CHECK(build.has_all_of("d-4"));
}

TEST_CASE("old files that belong to no unit go, young ones stay") {
  BuildDirectory build;
  build.unit("kept-1", 0);
  for (const char* name : {"pcargo/debug/deps/libold.rlib", "pcargo/debug/deps/libyoung.rlib"}) {
    build.directory.write(name, "");
  }
  build.directory.write("pcargo/debug/incremental/old-9.crashed/work", "");
  build.age("pcargo/debug/deps/libold.rlib", 29);
  build.age("pcargo/debug/deps/libyoung.rlib", 1);
  build.age("pcargo/debug/incremental/old-9.crashed", 29);
  CHECK(build.sweep() == Swept{0, 2});
  CHECK(!build.has("pcargo/debug/deps/libold.rlib"));
  CHECK(!build.has("pcargo/debug/incremental/old-9.crashed"));
  CHECK(build.has("pcargo/debug/deps/libyoung.rlib"));
  CHECK(build.has_all_of("kept-1"));
}

TEST_CASE("a unit that is met is young again") {
  BuildDirectory build;
  build.unit("met-1", 29);
  const std::string record = build.directory / "pcargo/debug/records/met-1";
  const auto before = platform::stamp_of(record).mtime_ns;
  mark_as_used(record, before + kDayNs / 2);
  CHECK(platform::stamp_of(record).mtime_ns == before);
  mark_as_used(record, kNow);
  CHECK(platform::stamp_of(record).mtime_ns > before);
}
