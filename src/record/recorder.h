// SPDX-License-Identifier: MIT OR Apache-2.0
// Holds a watch to a build: when each unit started, reached its milestones and ended. Knows nothing of where that is
// kept.
#pragma once

#include "execute/observer.h"
#include "record/measurement.h"

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace pcargo::record {

class Recorder final : public execute::BuildObserver {
 public:
  /// Nanoseconds since whenever, never going back.
  using Clock = std::function<std::int64_t()>;

  explicit Recorder(Clock clock) : clock_(std::move(clock)) {}

  void unit_started(UnitId unit, const plan::Invocation& invocation) override;
  void unit_runs_again(UnitId unit, const std::string& set_aside) override;
  void unit_runs_alone(UnitId unit, const std::string& how) override;
  void milestone_reached(UnitId unit, Milestone milestone) override;
  void link_permitted(UnitId unit) override;
  void process_ended(UnitId unit, const platform::ExitStatus& status) override;
  void artifact_ready(UnitId unit, const std::vector<plan::OutputFile>& files, bool fresh) override;
  void unit_finished(UnitId unit, Outcome outcome, const execute::UnitFailure* failure) override;

  /// Of the units that ran, once, and ended well.
  const std::map<UnitId, Measurement>& measured() const { return measured_; }

 private:
  struct Watch {
    std::int64_t start = 0;
    std::int64_t objects = 0;
    Measurement so_far;
  };

  Clock clock_;
  std::map<UnitId, Watch> running_;
  std::map<UnitId, Measurement> measured_;
};

}  // namespace pcargo::record
