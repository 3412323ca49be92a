// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/database.h"
#include "record/history.h"
#include "support/some_runs.h"
#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

namespace pcargo::record {
namespace {

using support::TemporaryDirectory;
using test::ask;
using test::key;
using test::run;
using test::total_of;

std::string bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

class Home : public TemporaryDirectory {
 public:
  Home() {
    std::vector<Run> runs;
    for (std::int64_t i = 0; i < 300; ++i) {
      runs.push_back(run(key(i, "package-" + std::to_string(i)), 1 + i));
    }
    history().add(runs);
  }
  std::string file() const { return *this / "history.sqlite"; }
  History history() const { return History(file()); }
  bool was_set_aside() const { return std::filesystem::exists(file() + ".set-aside"); }
  void sql(const std::string& text) const {
    Database database(file(), Database::Mode::kIfThere, 1000);
    database.execute(text);
    REQUIRE(database.is_good());
  }
};

TEST_CASE("what is no database is set aside with all that is beside it, told once, and begun anew") {
  const Home home;
  home.write("history.sqlite", "not a database, and long enough to be seen as one: " + std::string(5000, 'x'));
  home.write("history.sqlite-wal", "left over");
  home.write("history.sqlite-shm", "left over");
  home.write("history.sqlite-journal", "left over");
  History history = home.history();
  CHECK_FALSE(history.look_up({key(1)})[0].same);
  CHECK(history.note().find(home.file() + "`, with the times of earlier builds, is damaged") == 1);
  CHECK(home.was_set_aside());
  CHECK_FALSE(std::filesystem::exists(home.file()));
  CHECK_FALSE(std::filesystem::exists(home.file() + "-wal"));
  CHECK_FALSE(std::filesystem::exists(home.file() + "-shm"));
  CHECK_FALSE(std::filesystem::exists(home.file() + "-journal"));
  history.add({run(key(1), 5)});
  History next = home.history();
  CHECK(next.look_up({key(1)})[0].same->measured.total == 5);
  CHECK(next.note().empty());
}

TEST_CASE("who writes first finds the damage too, and still keeps what it has") {
  const Home home;
  home.write("history.sqlite", std::string(8192, 'x'));
  History history = home.history();
  history.add({run(key(1), 5)});
  CHECK_FALSE(history.note().empty());
  CHECK(total_of(home.history(), key(1)) == 5);
}

TEST_CASE("a table that is not what its version says is damage") {
  const Home home;
  home.sql("DROP TABLE run");
  History history = home.history();
  history.look_up({key(1)});
  CHECK_FALSE(history.note().empty());
  CHECK(home.was_set_aside());
}

TEST_CASE("another version is set aside") {
  const Home home;
  home.sql("PRAGMA user_version=" + std::to_string(GENERATE(2, 1000, -1)));
  History history = home.history();
  SECTION("by who reads") {
    CHECK_FALSE(history.look_up({key(1)})[0].same);
  }
  SECTION("by who writes") {
    history.add({run(key(1000), 7)});
    CHECK(total_of(home.history(), key(1000)) == 7);
    CHECK(total_of(home.history(), key(1)) == 0);
  }
  CHECK(history.note().find("another version of pcargo") != std::string::npos);
  CHECK(home.was_set_aside());
}

TEST_CASE("an empty file is a history with nothing in it") {
  const Home home;
  home.write("history.sqlite", "");
  History history = home.history();
  CHECK_FALSE(history.look_up({key(1)})[0].same);
  history.add({run(key(1), 5)});
  CHECK(history.note().empty());
  CHECK(total_of(home.history(), key(1)) == 5);
}

TEST_CASE("a directory, or a FIFO that nobody writes to, makes way") {
  const Home home;
  std::filesystem::remove(home.file());
  SECTION("directory") {
    std::filesystem::create_directories(home.file() + "/in/it");
  }
  SECTION("FIFO") {
    REQUIRE(::mkfifo(home.file().c_str(), 0600) == 0);
  }
  History history = home.history();
  CHECK_FALSE(history.look_up({key(1)})[0].same);
  CHECK_FALSE(history.note().empty());
  history.add({run(key(1), 5)});
  CHECK(total_of(home.history(), key(1)) == 5);
}

TEST_CASE("who finds it locked goes without, and says nothing") {
  const Home home;
  Database other(home.file(), Database::Mode::kIfThere, 0);
  other.execute("BEGIN EXCLUSIVE");
  REQUIRE(other.is_good());
  History history(home.file(), {.busy_ms = 0});
  CHECK_FALSE(history.look_up({key(1)})[0].same);
  history.add({run(key(1000), 7)});
  CHECK(history.note().empty());
  CHECK_FALSE(home.was_set_aside());
  other.execute("ROLLBACK");
  CHECK(total_of(home.history(), key(1)) == 2);
  CHECK(total_of(home.history(), key(1000)) == 0);
}

TEST_CASE("numbers that no build can have are brought within bounds") {
  const Home home;
  home.sql("UPDATE run SET total_ns=-5, cpu_ns=9223372036854775807, expected_ns='words'");
  const auto known = ask(home.history(), key(1));
  REQUIRE(known.same);
  CHECK(known.same->measured.total == 0);
  CHECK(known.same->measured.cpu == std::int64_t{1} << 52);
  CHECK(known.same->expected == 0);
}

TEST_CASE("whatever is done to the bytes, a build reads it, adds to it, and the next one has what was added") {
  const Home home;
  const std::string whole = bytes_of(home.file());
  REQUIRE(whole.size() > 8192);
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  int aside = 0;
  for (int round = 0; round < 150; ++round) {
    std::string damaged = whole;
    if (round % 3 == 0) {
      damaged.resize(random() % whole.size());
    }
    for (std::size_t flips = 1 + random() % 40; flips > 0 && !damaged.empty(); --flips) {
      damaged[random() % (round % 2 == 0 ? damaged.size() : std::min<std::size_t>(damaged.size(), 4096))] =
          static_cast<char>(random());
    }
    std::filesystem::remove_all(home.file() + ".set-aside");
    home.write("history.sqlite", damaged);
    History history = home.history();
    std::vector<UnitKey> keys;
    for (std::int64_t i = 0; i < 300; ++i) {
      keys.push_back(key(i, "package-" + std::to_string(i)));
    }
    CHECK(history.look_up(keys).size() == 300);
    history.add({run(key(5000), 7)});
    CHECK(history.note().empty() != home.was_set_aside());
    aside += home.was_set_aside() ? 1 : 0;
    // Damage that only the next reader meets takes the new run with it; the one after that has it.
    History next = home.history();
    if (!next.look_up({key(5000)})[0].same) {
      next.add({run(key(5000), 7)});
      CHECK(total_of(home.history(), key(5000)) == 7);
    }
  }
  CHECK(aside > 0);
}

}  // namespace
}  // namespace pcargo::record
