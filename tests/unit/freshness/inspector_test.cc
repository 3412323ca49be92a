// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/inspector.h"

#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <string>

using namespace pcargo;
using namespace pcargo::freshness;
using pcargo::support::TemporaryDirectory;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

/// As if the look had been taken long after the last change: nobody can set a ctime, but a test can set the look's
/// time.
Look settled(Look look) {
  look.looked_at_ns = look.stamp.ctime_ns + 3 * kSecond;
  return look;
}

Digest digest_at(const std::string& path) {
  return Inspector().look(path).digest;
}

void set_modified(const std::string& path, std::int64_t mtime_ns) {
  const struct timespec times[2] = {{mtime_ns / kSecond, mtime_ns % kSecond}, {mtime_ns / kSecond, mtime_ns % kSecond}};
  REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
}

}  // namespace

TEST_CASE("a look that is older than the file's last change by enough saves reading") {
  const TemporaryDirectory directory;
  directory.write("file", "text");
  const Look known = settled(Inspector().look(directory / "file"));
  Inspector inspector;
  CHECK(inspector.look(directory / "file", &known) == known);
  CHECK(inspector.counts().looks == 1);
  CHECK(inspector.counts().hashed == 0);
}

TEST_CASE("a believed look is the result as it was, whatever it says") {
  const TemporaryDirectory directory;
  directory.write("file", "text");
  Look known = settled(Inspector().look(directory / "file"));
  known.digest.bytes[0] ^= 1;  // shows whose digest it is
  CHECK(Inspector().look(directory / "file", &known).digest == known.digest);
}

TEST_CASE("a racy look is read again, and its time is that of the new look") {
  const TemporaryDirectory directory;
  directory.write("file", "text");
  const Look now = Inspector().look(directory / "file");
  Look known = now;
  known.digest.bytes[0] ^= 1;
  for (const std::int64_t late : {-kSecond, std::int64_t{0}, kSecond / 100, kSecond / 50}) {
    known.looked_at_ns = known.stamp.ctime_ns + late;
    Inspector inspector;
    const Look found = inspector.look(directory / "file", &known);
    CHECK(found.digest == now.digest);
    CHECK(found.looked_at_ns >= now.looked_at_ns);
    CHECK(inspector.counts().hashed == 1);
  }
}

TEST_CASE("how long a stamp is doubtful depends on how fine it is") {
  Look look;
  look.stamp.ctime_ns = 5 * kSecond + 1;
  look.looked_at_ns = look.stamp.ctime_ns + kSecond / 50;
  CHECK_FALSE(can_be_trusted(look));
  look.looked_at_ns += 1;
  CHECK(can_be_trusted(look));
  look.stamp.ctime_ns = 5 * kSecond;
  look.looked_at_ns = 7 * kSecond;
  CHECK_FALSE(can_be_trusted(look));
  look.looked_at_ns += 1;
  CHECK(can_be_trusted(look));
  look.looked_at_ns = 4 * kSecond;  // a clock that was set back
  CHECK_FALSE(can_be_trusted(look));
  look.stamp.ctime_ns = INT64_MIN;  // only a record can say so
  look.looked_at_ns = INT64_MAX;
  CHECK(can_be_trusted(look));
}

TEST_CASE("of an output of ours the mtime tells whether a look is racy") {
  Look look;
  look.stamp.ctime_ns = 9 * kSecond + 1;
  look.stamp.mtime_ns = 5 * kSecond + 1;
  look.looked_at_ns = 6 * kSecond;
  CHECK_FALSE(can_be_trusted(look));
  look.is_placed = true;
  CHECK(can_be_trusted(look));
  look.stamp.mtime_ns = look.looked_at_ns - kSecond / 50;
  CHECK_FALSE(can_be_trusted(look));
}

TEST_CASE("what was read ahead is not read again when it is placed") {
  const TemporaryDirectory directory;
  directory.write("attempt/file", "text");
  set_modified(directory / "attempt/file", 5 * kSecond + 1);
  Inspector inspector;
  inspector.read_ahead(directory / "file", directory / "attempt/file");
  CHECK(inspector.counts().hashed == 1);
  REQUIRE(::rename((directory / "attempt/file").c_str(), (directory / "file").c_str()) == 0);
  const Look placed = inspector.look_at_placed(directory / "file");
  CHECK(inspector.counts().hashed == 1);
  CHECK(placed.is_placed);
  CHECK(can_be_trusted(placed));
  CHECK(placed.digest == digest_at(directory / "file"));
  CHECK(placed.stamp == Inspector().look(directory / "file").stamp);
}

TEST_CASE("what was written to, or is another file, since it was read ahead is read again") {
  const TemporaryDirectory directory;
  directory.write("attempt/file", "text");
  set_modified(directory / "attempt/file", 5 * kSecond + 1);
  Inspector inspector;
  inspector.read_ahead(directory / "file", directory / "attempt/file");
  SECTION("written to") {
    directory.write("attempt/file", "TEXT");
    REQUIRE(::rename((directory / "attempt/file").c_str(), (directory / "file").c_str()) == 0);
  }
  SECTION("another file of the same size and time") {
    directory.write("file", "TEXT");
    set_modified(directory / "file", 5 * kSecond + 1);
  }
  const Look placed = inspector.look_at_placed(directory / "file");
  CHECK(placed.digest == digest_at(directory / "file"));
  CHECK(placed.stamp == Inspector().look(directory / "file").stamp);
}

TEST_CASE("what is still being written is not read ahead") {
  const TemporaryDirectory directory;
  directory.write("attempt/file", "text");
  set_modified(directory / "attempt/file", platform::file_clock_ns());
  Inspector inspector;
  inspector.read_ahead(directory / "file", directory / "attempt/file");
  CHECK(inspector.counts().hashed == 0);
}

TEST_CASE("an inspector's own look is believed by the same rule") {
  const TemporaryDirectory directory;
  directory.write("file", "text");
  Look known = settled(Inspector().look(directory / "file"));
  known.digest.bytes[0] ^= 1;
  Inspector inspector;
  inspector.look(directory / "file", &known);
  CHECK(inspector.look(directory / "file").digest == known.digest);
  CHECK(inspector.counts().hashed == 0);
  directory.write("file", "next");  // the same inode and size, another ctime
  CHECK(inspector.look(directory / "file").digest == digest_at(directory / "file"));
  CHECK(inspector.counts().hashed == 1);
}

TEST_CASE("an edit of the same size within the tick of the look is seen") {
  const TemporaryDirectory directory;
  Inspector inspector;
  directory.write("file", "text 0");
  Digest before = inspector.look(directory / "file").digest;
  for (char digit = '1'; digit <= '9'; ++digit) {
    const std::int64_t mtime = inspector.look(directory / "file").stamp.mtime_ns;
    directory.write("file", std::string("text ") + digit);
    set_modified(directory / "file", mtime);
    const Digest after = inspector.look(directory / "file").digest;
    CHECK(after != before);
    before = after;
  }
}

TEST_CASE("what was known of other bytes is not believed though size and mtime are the same") {
  const TemporaryDirectory directory;
  directory.write("file", "one");
  const Look known = settled(Inspector().look(directory / "file"));
  directory.write("other", "two");
  set_modified(directory / "other", known.stamp.mtime_ns);
  std::filesystem::rename(directory / "other", directory / "file");
  CHECK(Inspector().look(directory / "file", &known).digest != known.digest);
}

TEST_CASE("a touched file is the same file") {
  const TemporaryDirectory directory;
  directory.write("file", "text");
  const Look before = Inspector().look(directory / "file");
  set_modified(directory / "file", before.stamp.mtime_ns - 5 * kSecond);
  const Look after = Inspector().look(directory / "file");
  CHECK(after.digest == before.digest);
  CHECK(after.stamp != before.stamp);
}

TEST_CASE("whether a file may be executed counts, other permissions do not") {
  const TemporaryDirectory directory;
  directory.write("file", "text", 0644);
  const Digest before = digest_at(directory / "file");
  REQUIRE(::chmod((directory / "file").c_str(), 0755) == 0);
  CHECK(digest_at(directory / "file") != before);
  REQUIRE(::chmod((directory / "file").c_str(), 0600) == 0);
  CHECK(digest_at(directory / "file") == before);
}

TEST_CASE("a link to the same content is the same content") {
  const TemporaryDirectory directory;
  directory.write("file", "text");
  const Look known = settled(Inspector().look(directory / "file"));
  std::filesystem::rename(directory / "file", directory / "elsewhere");
  std::filesystem::create_symlink("elsewhere", directory / "file");
  CHECK(Inspector().look(directory / "file", &known).digest == known.digest);
  directory.write("elsewhere", "next");
  CHECK(Inspector().look(directory / "file", &known).digest != known.digest);
}

TEST_CASE("everything that is no content differs from everything else, each time in the same way") {
  const TemporaryDirectory directory;
  directory.write("file", "");
  directory.write("executable", "", 0755);
  std::filesystem::create_directory(directory / "empty");
  std::filesystem::create_symlink("loop", directory / "loop");
  std::filesystem::create_symlink("nowhere", directory / "dangling");
  REQUIRE(::mkfifo((directory / "fifo").c_str(), 0644) == 0);
  std::set<Digest> digests;
  const auto paths = {directory / "file",
                      directory / "executable",
                      directory / "empty",
                      directory / "loop",
                      directory / "fifo",
                      directory / "none",
                      std::string("/dev/null"),
                      directory / std::string(300, 'x')};
  for (const std::string& path : paths) {
    INFO(path);
    CHECK(digests.insert(digest_at(path)).second);
    CHECK(digest_at(path) == digest_at(path));
  }
  const Digest nothing = digest_at(directory / "none");
  CHECK(digest_at(directory / "dangling") == nothing);
  CHECK(digest_at(directory / "file/below") == nothing);
  CHECK(digest_at("") == nothing);
  CHECK(digest_at(directory / std::string("file\0x", 6)) == nothing);
  CHECK_FALSE(Inspector().look(directory / "loop").is_there());
  CHECK(Inspector().look(directory / "fifo").is_there());
}

TEST_CASE("what fails for a passing reason equals nothing, not even itself, and is never believed") {
  // Reading it fails with EIO: address 0 is not mapped.
  const std::string unreadable = "/proc/self/mem";
  Inspector inspector;
  const Look first = inspector.look(unreadable);
  REQUIRE(first.is_there());
  CHECK(inspector.look(unreadable).digest != first.digest);
  CHECK_FALSE(can_be_trusted(first));
}

TEST_CASE("only a ctime from before the run says that nothing happened during the run") {
  const TemporaryDirectory directory;
  directory.write("file", "text");
  const Look look = Inspector().look(directory / "file");
  CHECK(changed_since(look, look.stamp.ctime_ns - 1));
  CHECK(changed_since(look, look.stamp.ctime_ns));
  CHECK_FALSE(changed_since(look, look.stamp.ctime_ns + 1));
  const std::int64_t started = platform::file_clock_ns();
  directory.write("file", "next");
  set_modified(directory / "file", 0);
  CHECK(changed_since(Inspector().look(directory / "file"), started));
  CHECK_FALSE(changed_since(Inspector().look(directory / "none"), started));
}

TEST_CASE("a directory that holds what never rests equals nothing, and is not walked") {
  const TemporaryDirectory directory;
  directory.write("package/target/file", "text");
  directory.write("package/src/file", "text");
  Inspector inspector;
  inspector.never_rests(directory / "package/target/");
  for (const char* name : {"package", "package/src/..", "package/target", ""}) {
    INFO(name);
    CHECK(inspector.look(directory / name).digest != inspector.look(directory / name).digest);
  }
  CHECK(inspector.look("/").digest != inspector.look("/").digest);
  CHECK(inspector.counts().hashed == 0);
  for (const char* name : {"package/src", "package/target/file"}) {
    INFO(name);
    CHECK(inspector.look(directory / name).digest == digest_at(directory / name));
  }
}
