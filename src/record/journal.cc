// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/journal.h"

#include "base/path.h"
#include "platform/files.h"
#include "record/journal_seal.h"

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

/// What rustc does of itself within a crate is none.
std::string lto_of(const cargo::Profile& profile, graph::Phases phases) {
  return phases != graph::Phases::kLinking || profile.lto == "false" || profile.lto == "off" ? ""
         : profile.lto == "true"                                                             ? "fat"
                                                                                             : profile.lto;
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
                               {"lock_begin_us", head.lock_begin},
                               {"lock_us", head.locked},
                               {"memory_bytes", head.memory_bytes},
                               {"memory_limit_bytes", head.memory_limit},
                               {"jobs", head.jobs},
                               {"cores", head.cores}}));
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

std::size_t keep_journals(const std::string& private_root, std::size_t count) {
  const auto present = list_journals(private_root);
  std::size_t gone = 0;
  for (std::size_t i = count; i < present.size(); ++i) {
    gone += platform::remove_file(present[i]) ? 1 : 0;
  }
  return gone;
}

void JournalWriter::unit_is_dirty(UnitId unit, const freshness::Cause& /*cause*/) {
  if (has_started_.empty()) {
    has_started_ = IdMap<UnitId, char>(question_.plan.graph().units.size(), 0);
    open();
  }
  has_started_[unit] = 1;
  tell(unit,
       "started",
       fmt::format(
           ",\"why\":{}{}", text_of(question_.why(unit)), question_.waited_for_memory(unit) ? ",\"held\":true" : ""));
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
  write(fmt::format("{{\"us\":{},\"is\":\"over\",\"outcome\":\"{}\"}}", question_.clock(), word_of(outcome)));
}

void JournalWriter::command_ends() {
  write(fmt::format("{{\"us\":{},\"is\":\"end\"}}", question_.clock()));
  file_.reset();
}

void JournalWriter::tell(UnitId unit, std::string_view what, std::string_view more) {
  const Microseconds now = question_.clock();
  write(fmt::format("{{\"us\":{},\"unit\":{},\"is\":\"{}\"{}{}}}", now, unit.value, what, more, memory_at(now)));
}

std::string JournalWriter::memory_at(Microseconds now) {
  constexpr Microseconds kSecond = 1'000'000;
  if (!is_open_ || (looked_at_memory_ && now - *looked_at_memory_ < kSecond)) {
    return {};
  }
  looked_at_memory_ = now;
  const auto bytes = question_.available_memory();
  return bytes ? fmt::format(",\"free_kib\":{}", *bytes / 1024) : std::string();
}

void JournalWriter::write(std::string line) {
  line = sealed(std::move(line)) + "\n";
  if (!is_open_) {
    held_ += line;
    return;
  }
  put(line);
}

void JournalWriter::put(std::string_view lines) {
  if (file_ && platform::write_all(file_.get(), lines) != 0) {
    file_.reset();  // what is there is whole up to here
  }
}

void JournalWriter::open() {
  is_open_ = true;
  const std::string root = question_.plan.layout().private_root();
  if (!platform::create_directories(journal_directory(root))) {
    return;
  }
  keep_journals(root, question_.kept - 1);
  const BuildHead head = question_.head();
  const std::string name = fmt::format("{:013}-{}{}", head.began_at_ms, ::getpid(), kEnding);
  const std::string file = path::join(journal_directory(root), name);
  file_ = platform::Descriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666));
  name_ = file_ ? file : std::string();
  put(sealed(text_of(head)) + "\n" + sealed(units()) + "\n" + std::exchange(held_, {}));
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
                     {"lto", lto_of(graph.profile(id), actions.phases(id))},
                     {"phases", word_of(actions.phases(id))},
                     {"threads", expected.threads},
                     {"after", std::move(after)},
                     {"expected_us", microseconds(expected.one_thread)},
                     {"expected_from", word_of(expected.from)}});
  }
  return text_of(json::object({{"units", std::move(units)}}));
}

}  // namespace pcargo::record
