// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/inspector.h"
#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

using namespace pcargo;
using namespace pcargo::freshness;
using pcargo::support::TemporaryDirectory;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
using Names = std::vector<std::string>;

Names names(const TreeLook& tree) {
  Names found;
  for (const auto& [path, look] : tree.entries) {
    found.push_back(path);
  }
  return found;
}

/// Both ways to look at a tree have to find the same.
Digest digest_at(const std::string& path) {
  const Digest digest = Inspector().look(path).digest;
  CHECK(Inspector().look_at_tree(path).digest == digest);
  return digest;
}

class Sample : public TemporaryDirectory {
 public:
  Sample() {
    write("tree/a.txt", "one");
    write("tree/below/b.txt", "two");
  }
  std::string tree() const { return *this / "tree"; }
};

}  // namespace

TEST_CASE("a tree is its files by relative path, in order") {
  const Sample sample;
  const TreeLook tree = Inspector().look_at_tree(sample.tree());
  CHECK(names(tree) == Names{"a.txt", "below/b.txt"});
  CHECK(tree.entries[1].second.digest == Inspector().look(sample / "tree/below/b.txt").digest);
  std::filesystem::rename(sample.tree(), sample / "moved");
  CHECK(digest_at(sample / "moved") == tree.digest);
}

TEST_CASE("every change below a directory changes what it is, and taking it back does too") {
  const Sample sample;
  const Digest before = digest_at(sample.tree());
  const std::string a = sample / "tree/a.txt";
  const std::string b = sample / "tree/b.txt";

  std::filesystem::rename(a, b);
  CHECK(digest_at(sample.tree()) != before);
  std::filesystem::rename(b, a);
  CHECK(digest_at(sample.tree()) == before);

  sample.write("tree/below/empty", "");
  CHECK(digest_at(sample.tree()) != before);
  std::filesystem::remove(sample / "tree/below/empty");
  CHECK(digest_at(sample.tree()) == before);

  sample.write("tree/below/b.txt", "too");
  CHECK(digest_at(sample.tree()) != before);
  sample.write("tree/below/b.txt", "two");
  CHECK(digest_at(sample.tree()) == before);

  REQUIRE(::chmod(a.c_str(), 0755) == 0);
  CHECK(digest_at(sample.tree()) != before);
  REQUIRE(::chmod(a.c_str(), 0644) == 0);

  std::filesystem::create_directory(sample / "tree/directory");
  CHECK(digest_at(sample.tree()) != before);
  std::filesystem::remove(sample / "tree/directory");
  CHECK(digest_at(sample.tree()) == before);

  std::filesystem::remove(a);
  CHECK(digest_at(sample.tree()) != before);
}

TEST_CASE("a link's text is its content, and no directory behind one is entered") {
  const Sample sample;
  sample.write("outside/file", "far");
  std::filesystem::create_symlink("../outside", sample / "tree/link");
  const Digest before = digest_at(sample.tree());
  sample.write("outside/file", "farther");
  CHECK(digest_at(sample.tree()) == before);
  std::filesystem::remove(sample / "tree/link");
  std::filesystem::create_symlink("../outside/", sample / "tree/link");
  CHECK(digest_at(sample.tree()) != before);
}

TEST_CASE("a tree with loops and a FIFO ends") {
  const Sample sample;
  const Digest before = digest_at(sample.tree());
  std::filesystem::create_symlink("..", sample / "tree/below/up");
  std::filesystem::create_symlink("self", sample / "tree/below/self");
  REQUIRE(::mkfifo((sample / "tree/fifo").c_str(), 0644) == 0);
  const Digest after = digest_at(sample.tree());
  CHECK(after != before);
  CHECK(names(Inspector().look_at_tree(sample.tree())) ==
        Names{"a.txt", "below/b.txt", "below/self", "below/up", "fifo"});
  std::filesystem::remove(sample / "tree/fifo");
  sample.write("tree/fifo", "");
  CHECK(digest_at(sample.tree()) != after);
}

TEST_CASE("a tree deeper than a path can be long ends") {
  const Sample sample;
  const std::filesystem::path before = std::filesystem::current_path();
  const std::string name(200, 'd');
  std::filesystem::current_path(sample.tree());
  for (int depth = 0; depth < 30; ++depth) {
    std::filesystem::create_directory(name);
    std::filesystem::current_path(name);
  }
  std::filesystem::current_path(before);
  CHECK(digest_at(sample.tree()) == digest_at(sample.tree()));
}

TEST_CASE("a known tree saves reading, but for what changed") {
  const Sample sample;
  TreeLook known = Inspector().look_at_tree(sample.tree());
  for (auto& [path, look] : known.entries) {
    look.looked_at_ns = look.stamp.ctime_ns + 3 * kSecond;
  }
  Inspector again;
  CHECK(again.look_at_tree(sample.tree(), &known) == known);
  CHECK(again.counts().looks == 2);
  CHECK(again.counts().hashed == 0);

  sample.write("tree/a.txt", "eno");
  sample.write("tree/new", "");
  Inspector changed;
  const TreeLook found = changed.look_at_tree(sample.tree(), &known);
  CHECK(changed.counts().hashed == 2);
  CHECK(found.digest != known.digest);
  CHECK(found.entries[0].second.digest != known.entries[0].second.digest);
  CHECK(found.entries[1].second == known.entries[1].second);
}

TEST_CASE("a directory that is not entered is as if it were not there") {
  const Sample sample;
  const Digest before = digest_at(sample.tree());
  sample.write("tree/target/debug/x", "x");
  const auto takes = [&](const std::string& path, bool) { return path != sample / "tree/target"; };
  CHECK(Inspector().look_at_tree(sample.tree(), nullptr, takes).digest == before);
  CHECK(Inspector().look_at_tree(sample.tree()).digest != before);
}

TEST_CASE("more entries than allowed are not walked, and nobody knows what is there") {
  const Sample sample;
  Inspector enough(3);
  CHECK(enough.look(sample.tree()).digest == digest_at(sample.tree()));
  Inspector small(2);
  const Digest first = small.look(sample.tree()).digest;
  CHECK(small.counts().hashed == 0);
  CHECK(small.look(sample.tree()).digest != first);
  CHECK(small.look_at_tree(sample.tree()).entries.empty());
}

TEST_CASE("the file behind a link is part of the tree") {
  const Sample sample;
  sample.write("outside.txt", "one");
  std::filesystem::create_symlink("../outside.txt", sample / "tree/link");
  const Digest before = digest_at(sample.tree());
  sample.write("outside.txt", "two");
  CHECK(digest_at(sample.tree()) != before);
  sample.write("outside.txt", "one");
  CHECK(digest_at(sample.tree()) == before);
}

TEST_CASE("a root that is a link is followed; one that is no directory has no entries") {
  const Sample sample;
  std::filesystem::create_symlink("tree", sample / "link");
  CHECK(digest_at(sample / "link") == digest_at(sample.tree()));
  CHECK(digest_at(sample / "none") == Inspector().look(sample / "none").digest);
  CHECK(digest_at(sample / "tree/a.txt") == Inspector().look(sample / "tree/a.txt").digest);
  CHECK(Inspector().look_at_tree(sample / "tree/a.txt").entries.empty());
}

TEST_CASE("a look at a directory that is older than its last change by enough saves reading") {
  const Sample sample;
  sample.write("tree/below/c.txt", "three");
  std::filesystem::create_symlink("../b.txt", sample / "tree/below/link");
  sample.write("tree/b.txt", "behind a link");
  Look known = Inspector().look(sample.tree());
  const auto read = [&](Look look) {
    look.looked_at_ns += kSecond * 10;  // as if it had been long at rest
    look.digest.bytes.fill(7);
    Inspector inspector;
    return inspector.look(sample.tree(), &look) != look;
  };
  CHECK_FALSE(read(known));
  Look racy = known;
  racy.looked_at_ns = racy.stamp.ctime_ns;
  CHECK(Inspector().look(sample.tree(), &racy).digest == known.digest);
  const auto times = std::filesystem::last_write_time(sample / "tree/a.txt");
  const std::vector<std::function<void()>> changes = {
      [&] {  // the same size and mtime
        sample.write("tree/a.txt", "two");
        std::filesystem::last_write_time(sample / "tree/a.txt", times);
      },
      [&] { sample.write("tree/below/d.txt", ""); },
      [&] { std::filesystem::remove(sample / "tree/below/d.txt"); },
      [&] { std::filesystem::rename(sample / "tree/below/c.txt", sample / "tree/below/e.txt"); },
      [&] { sample.write("tree/b.txt", "behind a LINK"); },
      [&] { ::chmod((sample / "tree/a.txt").c_str(), 0700); },
      [&] { std::filesystem::create_directory(sample / "tree/below/empty"); },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    INFO(i);
    changes[i]();
    CHECK(read(known));
    known = Inspector().look(sample.tree());
    CHECK_FALSE(read(known));
  }
}

TEST_CASE("a directory changed when anything below it did") {
  const Sample sample;
  const std::int64_t newest = Inspector().look(sample.tree()).stamp.ctime_ns;
  CHECK(newest >= Inspector().look(sample / "tree/below/b.txt").stamp.ctime_ns);
  const std::int64_t started = platform::file_clock_ns();
  CHECK_FALSE(changed_since(Inspector().look(sample.tree()), newest + 1));
  sample.write("tree/below/b.txt", "2");
  CHECK(changed_since(Inspector().look(sample.tree()), started));
}

TEST_CASE("files alone: directories without any, and when they changed, do not count") {
  const TemporaryDirectory sample;
  sample.write("tree/kept/file", "1");
  sample.write("tree/a.tmp", "1");
  const auto takes = [](const std::string& path, bool) { return !path.ends_with(".tmp"); };
  const auto look = [&] { return Inspector().look_at_files(sample / "tree", nullptr, takes); };
  const TreeLook before = look();
  CHECK(names(before) == Names{"kept/file"});
  sample.write("tree/kept/b.tmp", "1");
  sample.write("tree/other/c.tmp", "1");
  CHECK(look().digest == before.digest);
  CHECK(look().newest_ctime_ns == before.newest_ctime_ns);
  sample.write("tree/other/file", "1");
  CHECK(look().digest != before.digest);
}
