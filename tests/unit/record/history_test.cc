// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/history.h"

#include "support/some_runs.h"
#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <set>
#include <thread>

namespace pcargo::record {
namespace {

using support::TemporaryDirectory;
using test::ask;
using test::key;
using test::run;
using test::total_of;

TEST_CASE("what was written is read, field by field, and nothing lies beside the file") {
  const TemporaryDirectory home;
  History history(home / "deep/history.sqlite");
  const Run written{{"rust-crypto", "0.2.1", "bin a'b", "test", "s", -7}, {10, 2, 8, 30, 400, 5000}, 99};
  history.add({written, run(key(1), 5)});
  const auto found = ask(history, written.key);
  REQUIRE(found.same);
  CHECK(found.same->measured == written.measured);
  CHECK(found.same->expected == 99);
  CHECK(found.same->key.package == "rust-crypto");
  CHECK(found.same->key.version == "0.2.1");
  CHECK(found.same->key.target == "bin a'b");
  CHECK(found.same->key.mode == "test");
  CHECK(found.same->key.opt_level == "s");
  CHECK(history.note().empty());
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(home / "deep")) {
    names.insert(entry.path().filename());
  }
  CHECK(names == std::set<std::string>{"history.sqlite"});
}

TEST_CASE("without a file, or without a place for one, nothing is known and nothing is made") {
  const TemporaryDirectory home;
  History none("");
  none.add({run(key(1), 5)});
  CHECK_FALSE(ask(none, key(1)).same);
  History empty(home / "history.sqlite");
  CHECK_FALSE(ask(empty, key(1)).same);
  CHECK_FALSE(std::filesystem::exists(home / "history.sqlite"));
  empty.add({});
  CHECK_FALSE(std::filesystem::exists(home / "history.sqlite"));
  home.write("file", "");
  History below_a_file(home / "file/history.sqlite");
  below_a_file.add({run(key(1), 5)});
  CHECK(below_a_file.note().empty());
}

TEST_CASE("of the last three runs the middle one stands for all") {
  const TemporaryDirectory home;
  History history(home / "history.sqlite");
  const auto after = [&](std::int64_t total) {
    history.add({run(key(1), total)});
    return total_of(history, key(1));
  };
  CHECK(after(10) == 10);
  CHECK(after(1000) == 10);  // held up by others, perhaps
  CHECK(after(12) == 12);
  CHECK(after(30) == 30);  // of 1000, 12, 30
  CHECK(after(31) == 30);  // a lasting change counts from the second time on
}

TEST_CASE("the unit itself comes before its kin, and close kin before others") {
  const TemporaryDirectory home;
  History history(home / "history.sqlite");
  history.add({run(key(1, "syn", "3"), 900),
               run(key(2, "syn", "2"), 800),
               run(key(3, "syn", "0"), 100),
               run(key(4, "quote"), 5)});
  const auto other_level = ask(history, key(9, "syn", "1"));
  CHECK_FALSE(other_level.same);
  REQUIRE(other_level.kin);
  CHECK(other_level.kin->measured.total == 800);
  CHECK(ask(history, key(9, "syn", "0")).kin->measured.total == 100);
  CHECK(total_of(history, key(1, "syn", "3")) == 900);
  CHECK_FALSE(ask(history, key(1, "syn", "3")).kin);

  History only_optimized(home / "other.sqlite");
  only_optimized.add({run(key(1, "syn", "3"), 900)});
  CHECK(ask(only_optimized, key(9, "syn", "0")).kin->measured.total == 900);
  UnitKey check = key(9, "syn", "0");
  check.mode = "check";
  CHECK_FALSE(ask(only_optimized, check).kin);
  CHECK_FALSE(ask(only_optimized, key(9, "proc-macro2")).kin);
}

TEST_CASE("many questions are answered in their order") {
  const TemporaryDirectory home;
  History history(home / "history.sqlite");
  history.add({run(key(1, "a"), 10), run(key(2, "b"), 20)});
  const auto known = history.look_up({key(2, "b"), key(7, "c"), key(8, "a"), key(1, "a")});
  REQUIRE(known.size() == 4);
  CHECK(known[0].same->measured.total == 20);
  CHECK_FALSE((known[1].same || known[1].kin));
  CHECK(known[2].kin->measured.total == 10);
  CHECK(known[3].same->measured.total == 10);
}

TEST_CASE("the oldest go, and the file stops growing") {
  const TemporaryDirectory home;
  History history(home / "history.sqlite", {.most_runs = 200});
  const auto build = [&](std::int64_t number) {
    std::vector<Run> runs;
    for (std::int64_t i = 0; i < 50; ++i) {
      runs.push_back(run(key(number * 50 + i, "package-" + std::to_string(number)), 1 + i));
    }
    history.add(runs);
  };
  for (std::int64_t number = 0; number < 8; ++number) {
    build(number);
  }
  CHECK(total_of(history, key(3 * 50 + 49)) == 0);
  CHECK(total_of(history, key(4 * 50)) == 1);
  CHECK(total_of(history, key(7 * 50 + 49)) == 50);
  const auto size = std::filesystem::file_size(home / "history.sqlite");
  for (std::int64_t number = 8; number < 40; ++number) {
    build(number);
  }
  CHECK(std::filesystem::file_size(home / "history.sqlite") <= 2 * size);
}

TEST_CASE("many write at once: none of it is lost, nothing is damaged") {
  const TemporaryDirectory home;
  constexpr int kWriters = 8;
  constexpr int kBuilds = 10;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&home, writer] {
      for (int build = 0; build < kBuilds; ++build) {
        History history(home / "history.sqlite", {.busy_ms = 60'000});
        const std::int64_t variant = writer * 1000 + build;
        history.add({run(key(variant), 1 + variant), run(key(100'000 + variant), 2 + variant)});
      }
    });
  }
  for (auto& writer : writers) {
    writer.join();
  }
  History history(home / "history.sqlite");
  for (int writer = 0; writer < kWriters; ++writer) {
    for (int build = 0; build < kBuilds; ++build) {
      const std::int64_t variant = writer * 1000 + build;
      CHECK(total_of(history, key(variant)) == 1 + variant);
      CHECK(total_of(history, key(100'000 + variant)) == 2 + variant);
    }
  }
  CHECK(history.note().empty());
}

}  // namespace
}  // namespace pcargo::record
