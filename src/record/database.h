// SPDX-License-Identifier: MIT OR Apache-2.0
// One SQLite file that nobody would miss. After the first thing that goes wrong nothing is done any more; what it was
// decides whether the file is worth keeping. Knows nothing of what is in it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace pcargo::record {

class Database {
 public:
  enum class Mode { kIfThere, kMake };

  /// Nothing in the file is run: triggers and views that somebody put there are not heeded.
  Database(const std::string& file, Mode mode, int busy_ms);
  ~Database() { close(); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  bool is_good() const { return code_ == 0; }
  /// It is no SQLite file, or not one that we wrote. Busy, full, unreadable: not good, and not damaged.
  bool is_damaged() const;

  /// The version that whoever made the file gave it; 0: it is empty, or nothing could be read.
  int version();
  void execute(const std::string& sql);
  void close();

 private:
  friend class Statement;
  void take(int code);

  sqlite3* handle_ = nullptr;
  int code_ = 0;  ///< of the first error
  bool is_foreign_ = false;
};

/// A prepared statement; it goes before its database does. begin(), bind(), then step() for each row.
class Statement {
 public:
  Statement(Database& database, const std::string& sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  void begin();
  void bind(int place, std::int64_t value);
  void bind(int place, const std::string& value);
  /// Is there a row?
  bool step();
  std::int64_t number(int column) const;
  std::string text(int column) const;

 private:
  Database& database_;
  sqlite3_stmt* handle_ = nullptr;
};

}  // namespace pcargo::record
