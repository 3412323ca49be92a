// SPDX-License-Identifier: MIT OR Apache-2.0
// Several who watch one build: each hears everything, in the order in which they were given.
#pragma once

#include "execute/observer.h"

#include <utility>
#include <vector>

namespace pcargo::execute {

class ObserverList final : public BuildObserver {
 public:
  /// They outlive the list.
  explicit ObserverList(std::vector<BuildObserver*> observers) : observers_(std::move(observers)) {}

  void build_started() override { tell(&BuildObserver::build_started); }
  void unit_is_dirty(UnitId unit, const freshness::Cause& cause) override {
    tell(&BuildObserver::unit_is_dirty, unit, cause);
  }
  void unit_started(UnitId unit, const plan::Invocation& invocation) override {
    tell(&BuildObserver::unit_started, unit, invocation);
  }
  void unit_runs_again(UnitId unit, const std::string& set_aside) override {
    tell(&BuildObserver::unit_runs_again, unit, set_aside);
  }
  void unit_runs_alone(UnitId unit, const std::string& how) override {
    tell(&BuildObserver::unit_runs_alone, unit, how);
  }
  void unit_waits(UnitId unit) override { tell(&BuildObserver::unit_waits, unit); }
  void milestone_reached(UnitId unit, Milestone milestone) override {
    tell(&BuildObserver::milestone_reached, unit, milestone);
  }
  void link_permitted(UnitId unit) override { tell(&BuildObserver::link_permitted, unit); }
  void process_ended(UnitId unit, const platform::ExitStatus& status) override {
    tell(&BuildObserver::process_ended, unit, status);
  }
  void diagnostic(UnitId unit, std::string_view json) override { tell(&BuildObserver::diagnostic, unit, json); }
  void future_incompat_report(UnitId unit, std::string_view json) override {
    tell(&BuildObserver::future_incompat_report, unit, json);
  }
  void stderr_line(UnitId unit, std::string_view line) override { tell(&BuildObserver::stderr_line, unit, line); }
  void stdout_line(UnitId unit, std::string_view line) override { tell(&BuildObserver::stdout_line, unit, line); }
  void build_script_finished(UnitId unit, const cargo::BuildScriptOutput& output, ScriptAnswer answer) override {
    tell(&BuildObserver::build_script_finished, unit, output, answer);
  }
  void artifact_ready(UnitId unit, const std::vector<plan::OutputFile>& files, bool fresh) override {
    tell(&BuildObserver::artifact_ready, unit, files, fresh);
  }
  void build_script_failed(UnitId unit, const cargo::BuildScriptOutput& logged) override {
    tell(&BuildObserver::build_script_failed, unit, logged);
  }
  void unit_finished(UnitId unit, Outcome outcome, const UnitFailure* failure) override {
    tell(&BuildObserver::unit_finished, unit, outcome, failure);
  }
  void room_is_short(const std::string& directory, const platform::Room& left) override {
    tell(&BuildObserver::room_is_short, directory, left);
  }
  void idle() override { tell(&BuildObserver::idle); }
  void build_finished(Outcome outcome) override { tell(&BuildObserver::build_finished, outcome); }

 private:
  template <class... Parameters, class... Arguments>
  void tell(void (BuildObserver::*what)(Parameters...), const Arguments&... arguments) {
    for (BuildObserver* observer : observers_) {
      (observer->*what)(arguments...);
    }
  }

  std::vector<BuildObserver*> observers_;
};

}  // namespace pcargo::execute
