// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/database.h"

#include "platform/files.h"

#include <sqlite3.h>

namespace pcargo::record {

Database::Database(const std::string& file, Mode mode, int busy_ms) {
  const bool is_there = mode == Mode::kIfThere || platform::entry_kind(file) != FileKind::kNone;
  if (is_there && !platform::is_file(file)) {
    is_foreign_ = true;  // reading a FIFO would wait
    code_ = SQLITE_NOTADB;
    return;
  }
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (mode == Mode::kMake ? SQLITE_OPEN_CREATE : 0);
  take(sqlite3_open_v2(file.c_str(), &handle_, flags, nullptr));
  if (!is_good()) {
    return;
  }
  sqlite3_busy_timeout(handle_, busy_ms);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  // A rollback journal, which goes with the transaction: nothing lies beside the file between builds. Never synced: a
  // kill loses at most the transaction, a power cut may damage the file, and then it is begun anew.
  execute("PRAGMA cell_size_check=ON; PRAGMA synchronous=OFF");
}

bool Database::is_damaged() const {
  const int primary = code_ & 0xff;
  // SQLITE_ERROR: a table or a column is missing, so it is not what its version says.
  return is_foreign_ || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || primary == SQLITE_ERROR ||
         primary == SQLITE_MISMATCH || primary == SQLITE_CONSTRAINT;
}

int Database::version() {
  Statement question(*this, "PRAGMA user_version");
  return question.step() ? static_cast<int>(question.number(0)) : 0;
}

void Database::execute(const std::string& sql) {
  if (is_good()) {
    take(sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr));
  }
}

void Database::close() {
  sqlite3_close_v2(handle_);  // rolls back what was not committed
  handle_ = nullptr;
}

void Database::take(int code) {
  if (is_good() && code != SQLITE_ROW && code != SQLITE_DONE) {
    code_ = code;
  }
}

Statement::Statement(Database& database, const std::string& sql) : database_(database) {
  if (database_.is_good()) {
    database_.take(sqlite3_prepare_v2(database_.handle_, sql.c_str(), -1, &handle_, nullptr));
  }
}

Statement::~Statement() {
  sqlite3_finalize(handle_);
}

void Statement::begin() {
  sqlite3_reset(handle_);
}

void Statement::bind(int place, std::int64_t value) {
  if (database_.is_good()) {
    database_.take(sqlite3_bind_int64(handle_, place, value));
  }
}

void Statement::bind(int place, const std::string& value) {
  if (database_.is_good()) {
    const auto size = static_cast<int>(value.size());
    database_.take(sqlite3_bind_text(handle_, place, value.data(), size, SQLITE_TRANSIENT));
  }
}

bool Statement::step() {
  if (!database_.is_good()) {
    return false;
  }
  const int code = sqlite3_step(handle_);
  database_.take(code);
  return code == SQLITE_ROW;
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(handle_, column);
}

std::string Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  return bytes == nullptr ? std::string()
                          : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column)));
}

}  // namespace pcargo::record
