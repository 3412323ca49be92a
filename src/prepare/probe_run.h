// SPDX-License-Identifier: MIT OR Apache-2.0
// Asks rustc all there is to ask for one build: its version first, then about the host and each requested target at
// once. Runs on a loop that others use meanwhile.
#pragma once

#include "base/environment.h"
#include "base/result.h"
#include "platform/event_loop.h"
#include "prepare/capture.h"
#include "prepare/rustc_probe.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pcargo::prepare {

/// Flags from config and environment for one target (nullopt: the host). `info` is null on the first round: flags under
/// `target.'cfg(...)'` cannot be known before rustc has said which cfgs hold.
using RustflagsFor = std::function<Result<std::vector<std::string>>(
    const std::string& host, const std::optional<std::string>& target, const plan::TargetInfo* info)>;

struct ProbeQuestion {
  RustcCommand rustc;
  Environment environment;  ///< `[env]` of config included
  std::string working_directory;
  std::vector<std::string> targets;  ///< as rustc's --target takes them; the host is asked about in any case
  RustflagsFor rustflags;
  std::vector<int> inherited_descriptors = {};
};

struct ProbedTarget {
  std::optional<std::string> target;  ///< nullopt: the host
  TargetProbe probe;
  std::vector<std::string> rustflags;
};

struct ProbeAnswer {
  VerboseVersion version;
  std::vector<ProbedTarget> targets;  ///< the host first, then in the order of the question
};

class ProbeRun {
 public:
  /// What `answers` know is not asked again; they outlive the run.
  ProbeRun(platform::EventLoop& loop, ProbeQuestion question, Answers* answers);
  ProbeRun(const ProbeRun&) = delete;
  ProbeRun& operator=(const ProbeRun&) = delete;

  /// After the loop has run to its end. The first thing that went wrong, in cargo's words.
  Result<ProbeAnswer> take();

 private:
  struct Round {
    std::optional<std::string> target;
    int turn = 0;
    std::vector<std::string> rustflags;
    std::vector<std::string> argv;
    std::unique_ptr<Capture> child;
    std::optional<TargetProbe> probe;
    std::vector<std::pair<std::string, std::optional<std::string>>> first_cfg;
  };

  void ask_version();
  void ask_about(Round* round);
  void take_version(platform::Completed completed);
  void take_target(Round* round, const platform::Completed& completed);
  Result<void> check_target(Round* round, const platform::Completed& completed);
  platform::SpawnOptions options(std::vector<std::string> argv, bool quiet_log) const;
  void fail(Error error);

  platform::EventLoop& loop_;
  Answers* answers_;
  ProbeQuestion question_;
  std::unique_ptr<Capture> version_child_;
  std::optional<VerboseVersion> version_;
  std::vector<std::unique_ptr<Round>> rounds_;
  std::optional<Error> error_;
};

}  // namespace pcargo::prepare
