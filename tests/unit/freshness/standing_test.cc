// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/standing.h"

#include "base/quick_digest.h"
#include "freshness/standing_list.h"
#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <vector>

using namespace pcargo;
using namespace pcargo::freshness;
using What = StandingPath::What;
using platform::Links;
using platform::stamp_of;
using support::TemporaryDirectory;
namespace fs = std::filesystem;

namespace {

Standing example() {
  Standing standing;
  standing.boot_id = "today\n";
  standing.said = {{Said::Where::kStderr, "warning: mind the gap\n"}, {Said::Where::kStdout, "out\n"}};
  standing.tells_time = true;
  standing.paths = {{What::kNothing, "/nowhere", {}},
                    {What::kKind, "/tmp", stamp_of("/tmp")},
                    {What::kIdentity, "/", stamp_of("/")},
                    {What::kIdentity, "/tmp", stamp_of("/tmp")}};
  return standing;
}

bool holds(const std::vector<StandingPath>& paths) {
  const std::string bytes = encode_standing({"", {}, false, paths});
  return StandingView::open(bytes).value().holds();
}

/// A list of what was there long before the build began.
StandingList old_list() {
  return StandingList(std::numeric_limits<std::int64_t>::max());
}

/// What holds, no longer holds after each of `changes` alone; each begins in a directory of its own.
void check_changes(const std::function<void(const TemporaryDirectory&, StandingList&)>& list,
                   const std::vector<std::function<void(const TemporaryDirectory&)>>& changes) {
  for (const auto& change : changes) {
    const TemporaryDirectory directory;
    directory.write("tree/a.txt", "a");
    directory.write("tree/deep/b.txt", "b");
    directory.write("tree/inner/Cargo.toml", "");
    directory.write("tree/inner/c.txt", "c");
    fs::create_symlink("a.txt", directory / "tree/link");
    fs::create_directory_symlink("deep", directory / "tree/away");
    StandingList standing = old_list();
    list(directory, standing);
    const auto paths = standing.settle();
    REQUIRE(paths);
    CHECK(holds(*paths));
    change(directory);
    CHECK_FALSE(holds(*paths));
  }
}

}  // namespace

TEST_CASE("a standing is read as it was written") {
  const Standing standing = example();
  const std::string bytes = encode_standing(standing);
  const auto view = StandingView::open(bytes);
  REQUIRE(view);
  CHECK(view->boot_id() == standing.boot_id);
  CHECK(view->said() == standing.said);
  CHECK(view->tells_time());
  REQUIRE(view->size() == standing.paths.size());
  for (std::uint64_t i = 0; i < view->size(); ++i) {
    CHECK(view->path(i) == standing.paths[i]);
  }
  CHECK(view->holds());
  CHECK(StandingView::open(encode_standing({})));
}

TEST_CASE("damaged bytes are never believed") {
  const std::string whole = encode_standing(example());
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 8));
    INFO("byte " << at);
    CHECK_FALSE(StandingView::open(flipped));
    CHECK_FALSE(StandingView::open(whole.substr(0, at)));
  }
  CHECK_FALSE(StandingView::open(whole + '\0'));
}

TEST_CASE("bytes of another epoch are none, though whole") {
  std::string other = encode_standing(example());
  constexpr std::size_t kEpochAt = 8;
  other[kEpochAt] = static_cast<char>(other[kEpochAt] + 1);
  other.resize(other.size() - sizeof(QuickDigest));
  const QuickDigest digest = quick_digest(other);
  other.append(reinterpret_cast<const char*>(digest.data()), digest.size());
  CHECK_FALSE(StandingView::open(other));
}

TEST_CASE("whatever is listed is looked at") {
  check_changes([](const TemporaryDirectory& at, StandingList& list) { list.add(at / "tree/a.txt"); },
                {[](const TemporaryDirectory& at) { at.write("tree/a.txt", "aa"); },
                 [](const TemporaryDirectory& at) { fs::remove(at / "tree/a.txt"); },
                 [](const TemporaryDirectory& at) { REQUIRE(::chmod((at / "tree/a.txt").c_str(), 0755) == 0); },
                 [](const TemporaryDirectory& at) {
                   fs::copy_file(at / "tree/a.txt", at / "copy");
                   fs::rename(at / "copy", at / "tree/a.txt");
                 },
                 [](const TemporaryDirectory& at) {
                   fs::rename(at / "tree", at / "moved");
                   fs::create_directory_symlink("moved", at / "tree");
                 }});
  check_changes([](const TemporaryDirectory& at, StandingList& list) { list.add(at / "tree/a.txt/x", {{}}); },
                {[](const TemporaryDirectory& at) {
                  fs::remove(at / "tree/a.txt");
                  at.write("tree/a.txt/x", "");
                }});
  check_changes([](const TemporaryDirectory& at, StandingList& list) { list.add_kind(at / "tree/a.txt"); },
                {[](const TemporaryDirectory& at) { fs::remove(at / "tree/a.txt"); },
                 [](const TemporaryDirectory& at) {
                   fs::remove(at / "tree/a.txt");
                   fs::create_directory(at / "tree/a.txt");
                 }});
  check_changes([](const TemporaryDirectory& at, StandingList& list) { list.add_names(at / "tree"); },
                {[](const TemporaryDirectory& at) { at.write("tree/new", ""); },
                 [](const TemporaryDirectory& at) { fs::remove(at / "tree/a.txt"); },
                 [](const TemporaryDirectory& at) {
                   fs::remove(at / "tree/deep/b.txt");
                   fs::remove(at / "tree/deep");
                   at.write("tree/deep", "");
                 }});
}

TEST_CASE("of a tree, every entry and every directory is looked at") {
  const auto list = [](const TemporaryDirectory& at, StandingList& standing) {
    standing.add_tree(at / "tree", [](const std::string& directory) {
      return stamp_of(directory + "/Cargo.toml").kind == FileKind::kNone;
    });
  };
  check_changes(list,
                {[](const TemporaryDirectory& at) { at.write("tree/deep/b.txt", "bb"); },
                 [](const TemporaryDirectory& at) { at.write("tree/deep/new", ""); },
                 [](const TemporaryDirectory& at) { fs::create_directory(at / "tree/deep/new"); },
                 [](const TemporaryDirectory& at) { fs::remove(at / "tree/deep/b.txt"); },
                 [](const TemporaryDirectory& at) { fs::remove(at / "tree/inner/Cargo.toml"); },
                 [](const TemporaryDirectory& at) {
                   fs::remove(at / "tree/link");
                   fs::create_symlink("deep/b.txt", at / "tree/link");
                 },
                 [](const TemporaryDirectory& at) { at.write("tree/deep/Cargo.toml", ""); }});
  const TemporaryDirectory directory;
  directory.write("tree/inner/Cargo.toml", "");
  StandingList standing = old_list();
  list(directory, standing);
  const auto paths = standing.settle();
  REQUIRE(paths);
  directory.write("tree/inner/not-entered", "");
  CHECK(holds(*paths));
}

TEST_CASE("what may have moved while the build looked is not listed") {
  const TemporaryDirectory directory;
  directory.write("a.txt", "a");
  const auto stamp = stamp_of(directory / "a.txt");
  const auto settles = [&](std::int64_t started_ns, const std::optional<platform::FileStamp>& found) {
    StandingList list(started_ns);
    list.add(directory / "a.txt", found);
    return list.settle().has_value();
  };
  constexpr std::int64_t kSecond = 1'000'000'000;
  CHECK(settles(stamp.ctime_ns + 3 * kSecond, stamp));
  CHECK(settles(stamp.ctime_ns + 3 * kSecond, {}));
  CHECK_FALSE(settles(stamp.ctime_ns, stamp));
  CHECK_FALSE(settles(stamp.ctime_ns + 1, stamp));
  auto other = stamp;
  ++other.inode;
  CHECK_FALSE(settles(stamp.ctime_ns + 3 * kSecond, other));
  CHECK_FALSE(settles(stamp.ctime_ns + 3 * kSecond, platform::FileStamp()));

  // It may have been there when the build looked, unless nothing went out of its directory.
  StandingList gone(stamp_of(directory.path()).ctime_ns);
  gone.add(directory / "b.txt");
  CHECK_FALSE(gone.settle());
  StandingList never(stamp_of(directory.path()).ctime_ns + 3 * kSecond);
  never.add(directory / "b.txt");
  CHECK(never.settle());
}

TEST_CASE("a doubt, a run or a copy leaves no standing") {
  const TemporaryDirectory directory;
  directory.write("made", "m");
  fs::create_hard_link(directory / "made", directory / "linked");
  directory.write("copy", "m");
  StandingList list = old_list();
  list.add_placed(directory / "linked", directory / "made");
  CHECK(list.settle());
  StandingList copied = old_list();
  copied.add_placed(directory / "copy", directory / "made");
  CHECK_FALSE(copied.settle());
  StandingList twice = old_list();
  twice.add(directory / "made", stamp_of(directory / "made"));
  twice.add(directory / "made", stamp_of(directory / "copy"));
  CHECK_FALSE(twice.settle());
  StandingList relative = old_list();
  relative.add("made");
  CHECK_FALSE(relative.settle());
  list.something_ran();
  CHECK_FALSE(list.settle());
}

TEST_CASE("many names in one directory, and names with a slash behind them") {
  const TemporaryDirectory directory;
  StandingList list = old_list();
  for (char c = 'a'; c <= 'j'; ++c) {
    directory.write(std::string("many/") + c, "");
    list.add(directory / (std::string("many/") + c));
  }
  list.add(directory / "many/");
  const auto paths = list.settle();
  REQUIRE(paths);
  CHECK(holds(*paths));
  directory.write("many/g", "more");
  CHECK_FALSE(holds(*paths));
}
