// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/record_store.h"

#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <string>

using namespace pcargo;
using namespace pcargo::freshness;
using pcargo::support::TemporaryDirectory;

namespace {

Record sample(const std::string& text) {
  Record record;
  record.script_stdout = text;
  return record;
}

}  // namespace

TEST_CASE("a record that was written is read, replaced and removed") {
  const TemporaryDirectory directory;
  const std::string path = directory / "unit";
  CHECK(RecordStore::read(path) == std::nullopt);
  REQUIRE(RecordStore::write(path, sample("one")));
  CHECK(RecordStore::read(path) == sample("one"));
  REQUIRE(RecordStore::write(path, sample("two")));
  CHECK(RecordStore::read(path) == sample("two"));
  REQUIRE(RecordStore::remove(path));
  CHECK(RecordStore::read(path) == std::nullopt);
  CHECK(RecordStore::remove(path));
  CHECK(std::filesystem::is_empty(directory.path()));
}

TEST_CASE("whatever else lies under the name is no record, and gives way to one") {
  const bool removed_first = GENERATE(true, false);
  const TemporaryDirectory directory;
  const std::string path = directory / "unit";
  REQUIRE(RecordStore::write(directory / "elsewhere", sample("other")));
  SECTION("nothing yet") {}
  SECTION("a directory with something in it") {
    directory.write("unit/below/file", "x");
  }
  SECTION("a FIFO that nobody writes to") {
    REQUIRE(::mkfifo(path.c_str(), 0644) == 0);
  }
  SECTION("a link to a record") {
    std::filesystem::create_symlink("elsewhere", path);
  }
  SECTION("a link to itself") {
    std::filesystem::create_symlink("unit", path);
  }
  SECTION("an empty file") {
    directory.write("unit", "");
  }
  SECTION("other bytes") {
    directory.write("unit", std::string(1000, 'x'));
  }
  SECTION("a file of a terabyte") {
    directory.write("unit", "");
    std::filesystem::resize_file(path, std::uintmax_t{1} << 40);
  }
  CHECK(RecordStore::read(path) == std::nullopt);
  if (removed_first) {
    REQUIRE(RecordStore::remove(path));
    CHECK_FALSE(std::filesystem::exists(std::filesystem::symlink_status(path)));
  }
  REQUIRE(RecordStore::write(path, sample("mine")));
  CHECK(RecordStore::read(path) == sample("mine"));
  CHECK(RecordStore::read(directory / "elsewhere") == sample("other"));
}

TEST_CASE("directories above a record are made; what cannot be written is an error that names the place") {
  const TemporaryDirectory directory;
  REQUIRE(RecordStore::write(directory / "new/records/unit", sample("x")));
  CHECK(RecordStore::read(directory / "new/records/unit") == sample("x"));
  directory.write("file", "");
  const auto written = RecordStore::write(directory / "file/unit", sample("x"));
  REQUIRE_FALSE(written);
  CHECK(written.error().message.find(directory / "file") != std::string::npos);
}
