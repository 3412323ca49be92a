// SPDX-License-Identifier: MIT OR Apache-2.0
// Code that a future Rust will reject (cargo: core/compiler/future_incompat.rs): what packages said about themselves
// during a build, the file `<build-dir>/.future-incompat-report.json` with the last five reports, and the words after
// "Finished".
//
// The file is cargo's own, so that `cargo report future-incompatibilities` shows our reports:
//   {"version":0,"next_id":N,"reports":[{"id":I,"suggestion_message":"...","per_package":{"name@version":"..."}}]}
// Another version or a damaged file counts as empty.
#pragma once

#include "base/file_system.h"
#include "base/result.h"
#include "cargo/package.h"
#include "report/shell.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::report {

/// One item of rustc's message.
struct FutureIncompatItem {
  std::string rendered;
  std::string level;
};

/// nullopt: the line is no such report.
std::optional<std::vector<FutureIncompatItem>> read_future_incompat(std::string_view json);

/// Whom the report concerns and what they said, in order of arrival. The packages outlive it.
struct FutureIncompatEntry {
  const cargo::Package* package = nullptr;
  std::vector<FutureIncompatItem> items = {};
};

struct FutureIncompatReport {
  std::uint32_t id = 0;
  std::string suggestion_message;
  std::map<std::string, std::string> per_package;  ///< by "name@version"
};

struct FutureIncompatReports {
  std::uint32_t next_id = 1;
  std::vector<FutureIncompatReport> reports;

  /// The id of the report with this very content: an old one, or the new one that is appended.
  std::uint32_t add(std::map<std::string, std::string> per_package);
};

FutureIncompatReports parse_future_incompat_reports(std::string_view json);
std::string write_future_incompat_reports(const FutureIncompatReports& reports);

struct FutureIncompatOptions {
  bool show_report = false;  ///< --future-incompat-report
  bool show_message = true;  ///< future-incompat-report.frequency is not "never"
  std::string build_directory;
  const FileSystem* files = nullptr;  ///< where old reports are read; null: there are none
  /// Replaces a file; null: nothing is saved.
  std::function<Result<void>(const std::string& path, std::string_view contents)> write_file = {};
  /// Versions above a registry package's own, oldest first, where the index is at hand.
  std::function<std::vector<std::string>(const cargo::Package&)> newer_versions = {};
};

/// At the end of a successful build: saves the report and says what there is to say.
void save_and_display_report(const std::vector<FutureIncompatEntry>& entries,
                             const FutureIncompatOptions& options,
                             Shell* shell);

}  // namespace pcargo::report
