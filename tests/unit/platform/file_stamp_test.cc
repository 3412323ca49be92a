// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/file_stamp.h"

#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <string>

using namespace pcargo;
using namespace pcargo::platform;
using pcargo::support::TemporaryDirectory;

TEST_CASE("a stamp says what stat says") {
  const TemporaryDirectory directory;
  directory.write("file", "text", 0754);
  struct stat about {};
  REQUIRE(::stat((directory / "file").c_str(), &about) == 0);
  const FileStamp stamp = stamp_of(directory / "file");
  CHECK(stamp.kind == FileKind::kFile);
  CHECK(stamp.mode == about.st_mode);
  CHECK(stamp.size == 4);
  CHECK(stamp.inode == about.st_ino);
  CHECK(stamp.device == about.st_dev);
  CHECK(stamp.mtime_ns == about.st_mtim.tv_sec * 1'000'000'000 + about.st_mtim.tv_nsec);
  CHECK(stamp.ctime_ns == about.st_ctim.tv_sec * 1'000'000'000 + about.st_ctim.tv_nsec);
  CHECK(stamp.is_executable());
  CHECK_FALSE(stamp.is_link());
}

TEST_CASE("a link is looked at itself only when asked for") {
  const TemporaryDirectory directory;
  std::filesystem::create_directory(directory / "below");
  std::filesystem::create_symlink("below", directory / "link");
  CHECK(stamp_of(directory / "link") == stamp_of(directory / "below"));
  CHECK(stamp_of(directory / "below").kind == FileKind::kDirectory);
  const FileStamp link = stamp_of(directory / "link", Links::kOfTheLinkItself);
  CHECK(link.kind == FileKind::kOther);
  CHECK(link.is_link());
  CHECK(link_text(directory / "link") == "below");
  CHECK(link_text(directory / "below") == std::nullopt);
}

TEST_CASE("what is not there has an empty stamp, and the reason is told") {
  const TemporaryDirectory directory;
  directory.write("file", "");
  std::filesystem::create_symlink("loop", directory / "loop");
  int error = 0;
  CHECK(stamp_of(directory / "none", Links::kFollow, &error) == FileStamp());
  CHECK(error == ENOENT);
  CHECK(stamp_of(directory / "loop", Links::kFollow, &error) == FileStamp());
  CHECK(error == ELOOP);
  CHECK(stamp_of(directory / std::string("file\0.rs", 8), Links::kFollow, &error) == FileStamp());
  CHECK(error == ENOENT);
  CHECK(stamp_of(directory / "file", Links::kFollow, &error).kind == FileKind::kFile);
  CHECK(error == 0);
}

TEST_CASE("a change is never stamped earlier than the clock said before it") {
  const TemporaryDirectory directory;
  for (int round = 0; round < 100; ++round) {
    const std::int64_t before = file_clock_ns();
    directory.write("file", std::to_string(round));
    CHECK(stamp_of(directory / "file").ctime_ns >= before);
  }
}
