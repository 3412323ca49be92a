// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/recorder.h"

#include "platform/files.h"

#include <algorithm>

namespace pcargo::record {

namespace {

/// Zero stands for "not known": what took no time that the clock can tell took a nanosecond.
std::int64_t at_least_one(std::int64_t duration) {
  return std::max(duration, std::int64_t{1});
}

}  // namespace

void Recorder::unit_started(UnitId unit, const plan::Invocation& /*invocation*/) {
  running_[unit].start = clock_();
}

/// What a crash and a second run took together tells nothing of the next time.
void Recorder::unit_runs_again(UnitId unit, const std::string& /*set_aside*/) {
  running_.erase(unit);
}

/// This run tells all but when the metadata was there; what it takes in memory is worth knowing.
void Recorder::unit_runs_alone(UnitId unit, const std::string& /*how*/) {
  running_[unit] = Watch{clock_()};
}

void Recorder::milestone_reached(UnitId unit, Milestone milestone) {
  const auto watch = running_.find(unit);
  if (watch == running_.end()) {
    return;
  }
  const std::int64_t now = clock_();
  const std::int64_t since_start = at_least_one(now - watch->second.start);
  if (milestone == Milestone::kMetadata) {
    watch->second.so_far.metadata = since_start;
  } else if (milestone == Milestone::kObjects) {
    watch->second.so_far.objects = since_start;
    watch->second.objects = now;
  }
}

/// As if it had started later by what it waited: the milestones so far are kept as durations.
void Recorder::link_permitted(UnitId unit) {
  if (const auto watch = running_.find(unit); watch != running_.end() && watch->second.so_far.objects != 0) {
    watch->second.start += clock_() - watch->second.objects;
  }
}

void Recorder::process_ended(UnitId unit, const platform::ExitStatus& status) {
  if (const auto watch = running_.find(unit); watch != running_.end()) {
    watch->second.so_far.cpu = (status.user_us + status.system_us) * 1000;
    watch->second.so_far.peak_bytes = status.max_rss_kib * 1024;
  }
}

void Recorder::artifact_ready(UnitId unit, const std::vector<plan::OutputFile>& files, bool /*fresh*/) {
  if (const auto watch = running_.find(unit); watch != running_.end()) {
    for (const auto& file : files) {
      watch->second.so_far.output_bytes += static_cast<std::int64_t>(platform::file_size(file.path).value_or(0));
    }
  }
}

void Recorder::unit_finished(UnitId unit, Outcome outcome, const execute::UnitFailure* /*failure*/) {
  const auto watch = running_.find(unit);
  if (watch == running_.end()) {
    return;
  }
  if (outcome == Outcome::kSuccess) {
    auto& measurement = measured_[unit] = watch->second.so_far;
    measurement.total = at_least_one(clock_() - watch->second.start);
  }
  running_.erase(watch);
}

}  // namespace pcargo::record
