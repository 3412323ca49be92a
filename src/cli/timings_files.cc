// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/timings_files.h"

#include "base/path.h"
#include "cli/journals.h"
#include "cli/local_time.h"
#include "platform/files.h"
#include "platform/process.h"
#include "report/timings.h"

#include <cstdio>

namespace pcargo::cli {

std::string default_timings_file(const std::string& target_directory, std::string_view ending) {
  return path::join(target_directory, "cargo-timings/pcargo-timing" + std::string(ending));
}

Result<void> save_timings(const std::string& file, std::string_view contents) {
  const FileKind kind = platform::entry_kind(file);
  if (kind != FileKind::kNone && kind != FileKind::kFile) {
    return Error{ErrorKind::kInput, "`" + file + "` is there and is no regular file"};
  }
  if (const auto directory = path::parent(file); !directory.empty()) {
    PCARGO_TRY(platform::create_directories(std::string(directory)));
  }
  return platform::write_file_by_rename(file, contents);
}

Result<TimingsReport> save_timings_report(const std::string& journal, const std::string& target_directory) {
  PCARGO_ASSIGN(const auto timeline, read_build(journal));
  const std::int64_t began = timeline.head.began_at_ms / 1000;
  const auto timings = report::analyse(timeline);
  const auto page = report::timings_as_page(timeline, timings, local_time(began));
  const std::string directory = path::join(target_directory, "cargo-timings");
  const std::string stamped = path::join(directory, "cargo-timing-" + compact_time(began) + ".html");
  PCARGO_TRY(save_timings(stamped, page));
  PCARGO_TRY(save_timings(path::join(directory, "cargo-timing.html"), page));
  return TimingsReport{stamped, report::timings_line(timeline, timings)};
}

Result<bool> tells_timings(const Environment& environment, const cargo::Config& config, bool is_verbose) {
  std::string source = "PCARGO_TIMINGS";
  auto text = environment.get(source);
  if (!text) {
    source = "the config value `pcargo.timings`";
    PCARGO_ASSIGN(const auto configured, config.get_string("pcargo.timings"));
    text = configured ? configured->value : "auto";
  }
  if (*text != "auto" && *text != "always" && *text != "never") {
    return Error{ErrorKind::kUsage, source + " must be auto, always or never, but is `" + *text + "`"};
  }
  return *text == "always" || (*text == "auto" && is_verbose);
}

std::optional<std::string> timings_line_of(const std::string& journal) {
  const auto timeline = read_build(journal);
  return timeline ? std::optional(report::timings_line(*timeline, report::analyse_path(*timeline))) : std::nullopt;
}

Error open_in_browser(const Session& session, const std::string& file) {
  const std::string browser = session.environment.get("BROWSER").value_or("");
  std::fflush(stdout);
  return platform::replace_process({browser.empty() ? "xdg-open" : browser, file}, session.environment);
}

}  // namespace pcargo::cli
