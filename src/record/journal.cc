// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/journal.h"

#include "base/path.h"
#include "platform/files.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace pcargo::record {

namespace {

using nlohmann::json;

constexpr std::string_view kEnding = ".jsonl";

/// Whatever bytes a path or a name has.
std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string_view word_of(graph::Phases phases) {
  return phases == graph::Phases::kWhole ? "whole" : phases == graph::Phases::kPipelined ? "pipelined" : "linking";
}

std::string_view word_of(Milestone milestone) {
  switch (milestone) {
    case Milestone::kMetadata:
      return "metadata";
    case Milestone::kObjects:
      return "objects";
    case Milestone::kArtifact:
      return "artifact";
    case Milestone::kClosure:
      break;
  }
  return "closure";
}

std::string_view word_of(Estimate::From from) {
  return from == Estimate::From::kThisUnit ? "unit" : from == Estimate::From::kThisCrate ? "crate" : "prior";
}

json microseconds(const graph::PhaseDurations& durations) {
  constexpr std::int64_t kNanoseconds = 1000;
  return json::array(
      {durations.frontend / kNanoseconds, durations.codegen / kNanoseconds, durations.link / kNanoseconds});
}

std::string_view word_of(Outcome outcome) {
  return outcome == Outcome::kSuccess ? "success" : outcome == Outcome::kFailure ? "failure" : "cancelled";
}

std::string text_of(const BuildHead& head) {
  return text_of(json::object({{"pcargo", "journal"},
                               {"format", 1},
                               {"version", head.pcargo},
                               {"command", head.command},
                               {"workspace", head.workspace},
                               {"rustc", head.rustc},
                               {"profile", head.profile},
                               {"processor", head.processor},
                               {"began_at_ms", head.began_at_ms},
                               {"planned_us", head.planned},
                               {"memory_bytes", head.memory_bytes},
                               {"jobs", head.jobs},
                               {"cores", head.cores}})) +
         "\n";
}

}  // namespace

std::string journal_directory(const std::string& private_root) {
  return path::join(private_root, "journals");
}

/// Their names begin with the time.
std::vector<std::string> list_journals(const std::string& private_root) {
  std::vector<std::string> names;
  const std::string directory = journal_directory(private_root);
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    std::string name = entry->path().filename().string();
    if (name.ends_with(kEnding)) {
      names.push_back(std::move(name));
    }
  }
  std::sort(names.rbegin(), names.rend());
  for (std::string& name : names) {
    name = path::join(directory, name);
  }
  return names;
}

void JournalWriter::unit_is_dirty(UnitId unit, const freshness::Cause& /*cause*/) {
  if (has_started_.empty()) {
    has_started_ = IdMap<UnitId, char>(question_.plan.graph().units.size(), 0);
    open();
  }
  has_started_[unit] = 1;
  tell(unit, "started", fmt::format(",\"why\":{}", text_of(question_.why(unit))));
}

void JournalWriter::unit_runs_again(UnitId unit, const std::string& /*set_aside*/) {
  tell(unit, "again");
}

void JournalWriter::unit_runs_alone(UnitId unit, const std::string& /*how*/) {
  tell(unit, "again");
}

void JournalWriter::milestone_reached(UnitId unit, Milestone milestone) {
  tell(unit, word_of(milestone));
}

void JournalWriter::link_permitted(UnitId unit) {
  tell(unit, "link");
}

void JournalWriter::process_ended(UnitId unit, const platform::ExitStatus& status) {
  tell(unit,
       "ended",
       fmt::format(",\"cpu_us\":{},\"peak_kib\":{}", status.user_us + status.system_us, status.max_rss_kib));
}

void JournalWriter::unit_finished(UnitId unit, Outcome outcome, const execute::UnitFailure* /*failure*/) {
  const bool has_run = has_started_.contains(unit) && has_started_[unit] != 0;
  tell(unit,
       outcome == Outcome::kFailure     ? "failed"
       : outcome == Outcome::kCancelled ? "stopped"
       : has_run                        ? "done"
                                        : "fresh");
}

void JournalWriter::build_finished(Outcome outcome) {
  write(fmt::format("{{\"us\":{},\"is\":\"over\",\"outcome\":\"{}\"}}\n", question_.clock(), word_of(outcome)));
}

void JournalWriter::command_ends() {
  write(fmt::format("{{\"us\":{},\"is\":\"end\"}}\n", question_.clock()));
  file_.reset();
}

void JournalWriter::tell(UnitId unit, std::string_view what, std::string_view more) {
  write(fmt::format("{{\"us\":{},\"unit\":{},\"is\":\"{}\"{}}}\n", question_.clock(), unit.value, what, more));
}

void JournalWriter::write(std::string line) {
  if (!is_open_) {
    held_ += line;
    return;
  }
  if (file_ && platform::write_all(file_.get(), line) != 0) {
    file_.reset();  // what is there is whole up to here
  }
}

void JournalWriter::open() {
  is_open_ = true;
  const std::string root = question_.plan.layout().private_root();
  if (!platform::create_directories(journal_directory(root))) {
    return;
  }
  const auto present = list_journals(root);
  for (std::size_t i = kJournalsKept - 1; i < present.size(); ++i) {
    (void)platform::remove_file(present[i]);
  }
  const BuildHead head = question_.head();
  const std::string name = fmt::format("{:013}-{}{}", head.began_at_ms, ::getpid(), kEnding);
  const std::string file = path::join(journal_directory(root), name);
  file_ = platform::Descriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666));
  name_ = file_ ? file : std::string();
  write(text_of(head) + units() + std::exchange(held_, {}));
}

std::string JournalWriter::units() const {
  const auto& graph = question_.plan.graph();
  const auto& actions = question_.plan.actions();
  json units = json::array();
  for (UnitId id{0}; id.value < graph.units.size(); ++id.value) {
    const auto& unit = graph.units[id];
    const auto& package = question_.plan.packages()[unit.package];
    const auto& target = graph.target(id);
    const Estimate& expected = question_.estimates[id];
    json after = json::array();
    for (const graph::Edge& edge : actions.dependencies(id)) {
      after.push_back(json::array({edge.unit.value, word_of(edge.waits)}));
    }
    units.push_back({{"package", package.name},
                     {"version", package.version},
                     {"target", target.name},
                     {"kind", target.kind_names.empty() ? std::string() : target.kind_names.front()},
                     {"mode", cargo::mode_name(unit.mode)},
                     {"platform", graph.platform(id)},
                     {"member", package.is_member},
                     {"phases", word_of(actions.phases(id))},
                     {"threads", expected.threads},
                     {"after", std::move(after)},
                     {"expected_us", microseconds(expected.one_thread)},
                     {"expected_from", word_of(expected.from)}});
  }
  return text_of(json::object({{"units", std::move(units)}})) + "\n";
}

}  // namespace pcargo::record
