// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/history.h"

#include "base/path.h"
#include "platform/files.h"
#include "record/database.h"

#include <algorithm>
#include <ctime>

namespace pcargo::record {

namespace {

/// Another one when the table changes, or when what the prior says is no longer comparable with what it said.
constexpr int kVersion = 1;
/// Of each variant.
constexpr int kRunsKept = 3;

/// A damaged file may say anything: no number is negative, none so large that sums run over.
constexpr std::int64_t kMost = std::int64_t{1} << 52;

constexpr const char* kSchema =
    "CREATE TABLE run("
    " run INTEGER PRIMARY KEY, variant INTEGER NOT NULL, package TEXT NOT NULL, version TEXT NOT NULL,"
    " target TEXT NOT NULL, mode TEXT NOT NULL, opt_level TEXT NOT NULL, ended_at INTEGER NOT NULL,"
    " total_ns INTEGER NOT NULL, metadata_ns INTEGER NOT NULL, objects_ns INTEGER NOT NULL, cpu_ns INTEGER NOT NULL,"
    " peak_bytes INTEGER NOT NULL, output_bytes INTEGER NOT NULL, expected_ns INTEGER NOT NULL);"
    "CREATE INDEX run_of_variant ON run(variant);"
    "CREATE INDEX run_of_crate ON run(package, target, mode);";

constexpr const char* kColumns =
    "variant, package, version, target, mode, opt_level,"
    " total_ns, metadata_ns, objects_ns, cpu_ns, peak_bytes, output_bytes, expected_ns";

Run read_run(const Statement& row) {
  Run run;
  run.key.variant = row.number(0);
  run.key.package = row.text(1);
  run.key.version = row.text(2);
  run.key.target = row.text(3);
  run.key.mode = row.text(4);
  run.key.opt_level = row.text(5);
  const auto number = [&row](int column) { return std::clamp(row.number(column), std::int64_t{0}, kMost); };
  run.measured = {number(6), number(7), number(8), number(9), number(10), number(11)};
  run.expected = number(12);
  return run;
}

std::optional<Run> middle(std::vector<Run> runs) {
  if (runs.empty()) {
    return std::nullopt;
  }
  const auto at = runs.begin() + static_cast<std::ptrdiff_t>((runs.size() - 1) / 2);
  std::nth_element(
      runs.begin(), at, runs.end(), [](const Run& a, const Run& b) { return a.measured.total < b.measured.total; });
  return std::move(*at);
}

class Reader {
 public:
  explicit Reader(Database& database)
      : same_(database, std::string("SELECT ") + kColumns + " FROM run WHERE variant=?1 ORDER BY run DESC LIMIT ?2"),
        kin_(database,
             std::string("SELECT ") + kColumns +
                 " FROM run WHERE package=?1 AND target=?2 AND mode=?3"
                 " ORDER BY (opt_level<>'0')=?4 DESC, run DESC LIMIT ?5") {}

  Known look_up(const UnitKey& key) {
    same_.begin();
    same_.bind(1, key.variant);
    same_.bind(2, kRunsKept);
    if (auto same = middle(all(same_))) {
      return {std::move(same), std::nullopt};
    }
    kin_.begin();
    kin_.bind(1, key.package);
    kin_.bind(2, key.target);
    kin_.bind(3, key.mode);
    kin_.bind(4, key.is_optimized() ? 1 : 0);
    kin_.bind(5, kRunsKept);
    auto kin = all(kin_);
    // The closest come first; a lone close one is worth more than three that are not.
    const auto is_close = [&key](const Run& run) { return run.key.is_optimized() == key.is_optimized(); };
    const auto first_other = std::find_if_not(kin.begin(), kin.end(), is_close);
    if (first_other != kin.begin()) {
      kin.erase(first_other, kin.end());
    }
    return {std::nullopt, middle(std::move(kin))};
  }

 private:
  static std::vector<Run> all(Statement& rows) {
    std::vector<Run> runs;
    while (rows.step()) {
      runs.push_back(read_run(rows));
    }
    return runs;
  }

  Statement same_;
  Statement kin_;
};

void insert(Database& database, const std::vector<Run>& runs) {
  Statement add(database,
                std::string("INSERT INTO run(ended_at, ") + kColumns +
                    ") VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)");
  Statement thin_out(database,
                     "DELETE FROM run WHERE variant=?1 AND run NOT IN"
                     " (SELECT run FROM run WHERE variant=?1 ORDER BY run DESC LIMIT ?2)");
  const std::int64_t now = std::time(nullptr);
  for (const auto& [key, measured, expected] : runs) {
    add.begin();
    int column = 0;
    add.bind(++column, now);
    add.bind(++column, key.variant);
    for (const auto* text : {&key.package, &key.version, &key.target, &key.mode, &key.opt_level}) {
      add.bind(++column, *text);
    }
    for (const std::int64_t number : {measured.total,
                                      measured.metadata,
                                      measured.objects,
                                      measured.cpu,
                                      measured.peak_bytes,
                                      measured.output_bytes,
                                      expected}) {
      add.bind(++column, number);
    }
    add.step();
    thin_out.begin();
    thin_out.bind(1, key.variant);
    thin_out.bind(2, kRunsKept);
    thin_out.step();
  }
}

/// Damage that SQLite does not see can lose what is added: an index that leads elsewhere, a number of a run beyond
/// which there is none.
bool has(Database& database, const UnitKey& key) {
  Statement question(database, "SELECT 1 FROM run WHERE variant=?1");
  question.bind(1, key.variant);
  return question.step();
}

}  // namespace

std::vector<Known> History::look_up(const std::vector<UnitKey>& keys) {
  std::vector<Known> known(keys.size());
  if (file_.empty() || platform::entry_kind(file_) == FileKind::kNone) {
    return known;
  }
  Database database(file_, Database::Mode::kIfThere, options_.busy_ms);
  database.execute("BEGIN");  // one lock for all questions
  if (database.version() == kVersion) {
    Reader reader(database);
    for (std::size_t i = 0; i < keys.size() && database.is_good(); ++i) {
      known[i] = reader.look_up(keys[i]);
    }
  }
  const bool is_other = database.is_good() && database.version() != 0 && database.version() != kVersion;
  if (database.is_damaged() || is_other) {
    database.close();
    set_aside(is_other ? "is of another version of pcargo" : "is damaged");
    return std::vector<Known>(keys.size());
  }
  return known;
}

void History::add(const std::vector<Run>& runs) {
  if (file_.empty() || runs.empty() || !platform::create_directories(std::string(path::parent(file_)))) {
    return;
  }
  for (const bool is_second_try : {false, true}) {
    Database database(file_, Database::Mode::kMake, options_.busy_ms);
    database.execute("BEGIN IMMEDIATE");
    const auto version = database.version();  // within the transaction: two may make it at once
    if (version == 0) {
      database.execute(kSchema);
      database.execute("PRAGMA user_version=" + std::to_string(kVersion));
    }
    const bool is_other = database.is_good() && version != 0 && version != kVersion;
    bool is_lost = false;
    if (database.is_good() && !is_other) {
      insert(database, runs);
      // Numbers only grow: what lies so far back is the oldest, whatever clocks say.
      database.execute("DELETE FROM run WHERE run <= (SELECT max(run) FROM run) - " +
                       std::to_string(options_.most_runs));
      is_lost = !has(database, runs.back().key) && database.is_good();
      database.execute("COMMIT");
    }
    if ((!database.is_damaged() && !is_other && !is_lost) || is_second_try) {
      return;
    }
    database.close();
    set_aside(is_other ? "is of another version of pcargo" : "is damaged");
  }
}

void History::set_aside(const std::string& why) {
  const std::string aside = file_ + ".set-aside";
  // What SQLite keeps beside a file belongs to that file: applied to the next one it would damage it.
  for (const char* suffix : {"-journal", "-wal", "-shm"}) {
    (void)platform::remove_tree(aside + suffix);
    (void)platform::move(file_ + suffix, aside + suffix);
  }
  (void)platform::move(file_, aside);
  if (note_.empty()) {
    note_ = "`" + file_ + "`, with the times of earlier builds, " + why + ": it is set aside and begun anew";
  }
}

}  // namespace pcargo::record
