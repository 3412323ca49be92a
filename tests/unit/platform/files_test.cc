// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/files.h"

#include "platform/real_file_system.h"
#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace pcargo::platform;
using pcargo::FileKind;
using pcargo::support::TemporaryDirectory;

namespace {

struct stat about(const std::string& path) {
  struct stat found {};
  REQUIRE(::lstat(path.c_str(), &found) == 0);
  return found;
}

unsigned mode(const std::string& path) {
  return about(path).st_mode & 07777;
}

std::vector<std::string> names(const std::string& directory) {
  return RealFileSystem().list(directory);
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a file is read whole, whatever its size says") {
  const TemporaryDirectory directory;
  const std::string large(1'000'000, 'x');
  directory.write("large", large);
  directory.write("empty", "");
  CHECK(*read_file(directory / "large") == large);
  CHECK(read_file(directory / "empty")->empty());
  CHECK(read_file("/proc/self/status")->find("Name:") == 0);
}

TEST_CASE("a file that cannot be read is an error in cargo's words") {
  const TemporaryDirectory directory;
  const auto missing = read_file(directory / "none");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message == "failed to read `" + directory.path() + "/none`");
  CHECK(missing.error().causes == Names{"No such file or directory (os error 2)"});
  CHECK(read_file(directory.path()).error().causes == Names{"Is a directory (os error 21)"});
}

TEST_CASE("a written file is complete under its name and alone in its directory") {
  const TemporaryDirectory directory;
  REQUIRE(write_file_by_rename(directory / "file", "one"));
  CHECK(directory.read("file") == "one");
  REQUIRE(write_file_by_rename(directory / "file", "two"));
  CHECK(directory.read("file") == "two");
  CHECK(names(directory.path()) == Names{"file"});
}

TEST_CASE("a new file has the wanted mode less the umask, a replaced one keeps its own") {
  const TemporaryDirectory directory;
  const mode_t before = ::umask(027);
  REQUIRE(write_file_by_rename(directory / "new", "", 0777));
  CHECK(mode(directory / "new") == 0750);
  directory.write("old", "", 0604);
  REQUIRE(write_file_by_rename(directory / "old", "x", 0777));
  CHECK(mode(directory / "old") == 0604);
  ::umask(before);
}

TEST_CASE("whoever has the old file open keeps it") {
  const TemporaryDirectory directory;
  directory.write("file", "old");
  std::ifstream reader(directory / "file");
  REQUIRE(write_file_by_rename(directory / "file", "new"));
  std::string text;
  reader >> text;
  CHECK(text == "old");
}

TEST_CASE("writing replaces a symbolic link, not what it leads to") {
  const TemporaryDirectory directory;
  directory.write("target", "precious");
  std::filesystem::create_symlink("target", directory / "link");
  REQUIRE(write_file_by_rename(directory / "link", "new"));
  CHECK(directory.read("target") == "precious");
  CHECK(entry_kind(directory / "link") == FileKind::kFile);
}

TEST_CASE("a failed write leaves nothing behind") {
  const TemporaryDirectory directory;
  directory.write("in-the-way/file", "");
  const auto failed = write_file_by_rename(directory / "in-the-way", "x");
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message == "failed to write `" + directory.path() + "/in-the-way`");
  CHECK(names(directory.path()) == Names{"in-the-way"});
  CHECK_FALSE(write_file_by_rename(directory / "no/such/directory", "x"));
}

TEST_CASE("linking puts the same file at a second place") {
  const TemporaryDirectory directory;
  directory.write("from", "built", 0755);
  directory.write("to", "before");
  std::ifstream reader(directory / "to");
  REQUIRE(link_or_copy_by_rename(directory / "from", directory / "to"));
  CHECK(about(directory / "from").st_ino == about(directory / "to").st_ino);
  CHECK(names(directory.path()) == Names{"from", "to"});
  std::string text;
  reader >> text;
  CHECK(text == "before");
}

TEST_CASE("linking what is one file already changes nothing and leaves nothing behind") {
  const TemporaryDirectory directory;
  directory.write("from", "built");
  for (int time = 0; time < 2; ++time) {
    REQUIRE(link_or_copy_by_rename(directory / "from", directory / "to"));
    CHECK(names(directory.path()) == Names{"from", "to"});
  }
}

TEST_CASE("where linking does not work the file is copied with its mode") {
  const TemporaryDirectory directory;
  const TemporaryDirectory elsewhere("/dev/shm");
  if (about(directory.path()).st_dev == about(elsewhere.path()).st_dev) {
    WARN("there is only one file system here");
    return;
  }
  elsewhere.write("from", "built", 0755);
  directory.write("to", "before", 0600);
  REQUIRE(link_or_copy_by_rename(elsewhere / "from", directory / "to"));
  CHECK(directory.read("to") == "built");
  CHECK(mode(directory / "to") == 0755);
  CHECK(names(directory.path()) == Names{"to"});
}

TEST_CASE("linking a missing file is an error that names both places") {
  const TemporaryDirectory directory;
  const auto failed = link_or_copy_by_rename(directory / "a", directory / "b");
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message == "failed to link or copy `" + (directory / "a") + "` to `" + (directory / "b") + "`");
  CHECK(failed.error().causes == Names{"No such file or directory (os error 2)"});
}

TEST_CASE("removing a file that is not there is fine") {
  const TemporaryDirectory directory;
  directory.write("file", "");
  CHECK(remove_file(directory / "file"));
  CHECK(remove_file(directory / "file"));
  CHECK_FALSE(remove_file(directory.path()));
}

TEST_CASE("directories are made with all above them, once or twice") {
  const TemporaryDirectory directory;
  CHECK(create_directories(directory / "a/b//c/"));
  CHECK(create_directories(directory / "a/b/c"));
  CHECK(entry_kind(directory / "a/b/c") == FileKind::kDirectory);
  directory.write("file", "");
  const auto failed = create_directories(directory / "file/below");
  REQUIRE_FALSE(failed);
  CHECK(failed.error().causes == Names{"Not a directory (os error 20)"});
  CHECK(create_directories(""));
}

TEST_CASE("kinds and sizes: with and without following links") {
  const TemporaryDirectory directory;
  directory.write("file", "12345");
  std::filesystem::create_symlink("file", directory / "link");
  std::filesystem::create_symlink("nowhere", directory / "broken");
  CHECK(entry_kind(directory / "file") == FileKind::kFile);
  CHECK(entry_kind(directory / "link") == FileKind::kOther);
  CHECK(entry_kind(directory / "none") == FileKind::kNone);
  CHECK(is_file(directory / "link"));
  CHECK_FALSE(is_file(directory / "broken"));
  CHECK_FALSE(is_file(directory.path()));
  CHECK(file_size(directory / "link") == 5);
  CHECK(file_size(directory.path()) == std::nullopt);
}

TEST_CASE("a tree is removed and counted, and links are not followed") {
  const TemporaryDirectory directory;
  const TemporaryDirectory precious;
  precious.write("keep", "precious");
  directory.write("tree/a", "123");
  directory.write("tree/sub/b", "4567");
  std::filesystem::create_directory_symlink(precious.path(), directory / "tree/sub/link");

  std::vector<std::string> heard;
  const auto counted =
      remove_tree(directory / "tree", Removal::kCountOnly, [&](const std::string& path) { heard.push_back(path); });
  REQUIRE(counted);
  CHECK(counted->files == 3);
  CHECK(counted->directories == 2);
  CHECK(counted->bytes == 7 + precious.path().size());
  CHECK(heard.size() == 5);
  CHECK(heard.back() == directory / "tree");
  CHECK(directory.read("tree/a") == "123");

  const auto removed = remove_tree(directory / "tree");
  REQUIRE(removed);
  CHECK(removed->files == 3);
  CHECK(entry_kind(directory / "tree") == FileKind::kNone);
  CHECK(precious.read("keep") == "precious");
}

TEST_CASE("removing a tree that is a file, a link, or not there") {
  const TemporaryDirectory directory;
  directory.write("file", "123");
  directory.write("real/inside", "");
  std::filesystem::create_directory_symlink("real", directory / "link");
  CHECK(remove_tree(directory / "file")->bytes == 3);
  CHECK(remove_tree(directory / "link")->files == 1);
  CHECK(remove_tree(directory / "none")->files == 0);
  CHECK(names(directory.path()) == Names{"real"});
  CHECK(names(directory / "real") == Names{"inside"});
}

TEST_CASE("the real file system answers as the door promises") {
  const TemporaryDirectory directory;
  const RealFileSystem files;
  directory.write("b", "text");
  directory.write("a/x", "");
  CHECK(files.list(directory.path()) == Names{"a", "b"});
  CHECK(files.list(directory / "none").empty());
  CHECK(files.list(directory / "b").empty());
  CHECK(files.kind(directory / "a") == FileKind::kDirectory);
  CHECK(files.kind(directory / "b") == FileKind::kFile);
  CHECK(files.kind(directory / "b/below") == FileKind::kNone);
  CHECK(files.kind("/dev/null") == FileKind::kOther);
  CHECK(files.read(directory / "b")->value() == "text");
  CHECK_FALSE(files.read(directory / "none")->has_value());
  CHECK_FALSE(files.read(directory / "b/below")->has_value());
  CHECK_FALSE(files.read(directory / "a"));
}
