// SPDX-License-Identifier: MIT OR Apache-2.0
// Cargo's two planning runs side by side: the unit graph with the terminal to itself (prompts, progress, colour),
// metadata in silence. Runs on a loop that others use meanwhile.
//
// An answer that is to stand for the process next time must have been given without a word to the user. So where stderr
// is no terminal it goes through us. Where it is one, the first run has it to itself, and the next, with the same
// inputs and so nothing to fetch or to ask for, goes through us.
#pragma once

#include "base/environment.h"
#include "base/result.h"
#include "platform/event_loop.h"
#include "platform/scratch_directory.h"
#include "prepare/capture.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pcargo::prepare {

struct PlanningQuestion {
  std::vector<std::string> unit_graph;  ///< command line; empty: not wanted
  Environment unit_graph_environment;
  std::vector<std::string> metadata;
  Environment environment;
  std::vector<std::string> version;  ///< `cargo -V`; empty: not wanted
  std::vector<int> inherited_descriptors = {};
  bool stderr_is_terminal = false;
  /// The unit graph's command is one for a build plan: it is given a target directory of its own. The answer does not
  /// depend on which, and so the question has none.
  bool in_scratch_directory = false;
  bool has_build_directory = false;  ///< config sets build.build-dir: that too
  bool may_colour = false;           ///< neither user nor config chose: coloured on a terminal
};

struct PlanningAnswer {
  std::string unit_graph;
  std::string metadata;
  std::string version;
  std::string version_text;  ///< whole

  /// Without a plan: our exit code. Cargo has told the user why, or `words` does (as they are, for stderr).
  std::optional<int> exit_code;
  std::string words;
  /// Of a build plan: the directory that was made for cargo, and what it said of it (not shown yet).
  std::string scratch_directory;
  std::string said_of_scratch_directory;
  bool refuses_unit_graph = false;  ///< this cargo does not know the flag
};

class PlanningRun {
 public:
  /// What `answers` know is not asked again; they outlive the run.
  PlanningRun(platform::EventLoop& loop, const PlanningQuestion& question, Answers* answers);
  PlanningRun(const PlanningRun&) = delete;
  PlanningRun& operator=(const PlanningRun&) = delete;

  /// After the loop has run to its end.
  Result<PlanningAnswer> take();

 private:
  struct Child {
    std::vector<std::string> argv;
    std::unique_ptr<Capture> capture;
    std::optional<platform::Completed> completed;
  };

  void start_unit_graph(const PlanningQuestion& question);
  Result<void> give_scratch_directory(const PlanningQuestion& question, platform::SpawnOptions* options);
  bool unit_graph_is_refused() const;
  void start(Child* child, const platform::SpawnOptions& options);
  void started(Child* child, Result<std::unique_ptr<Capture>> capture);

  platform::EventLoop& loop_;
  Answers* answers_;
  Child unit_graph_;
  Child metadata_;
  Child version_;
  std::optional<platform::ScratchDirectory> scratch_;
  std::optional<Error> error_;
};

/// How a run of cargo is started: our directory, our process group, so that Ctrl-C reaches it.
platform::SpawnOptions cargo_options(std::vector<std::string> argv, const Environment& environment);

/// Second word of `cargo -V`: "1.95.0".
std::string version_number(const std::string& text);

/// The exit code of a shell's child that ended so.
int exit_code_of(const platform::ExitStatus& status);

/// Descriptors of make's job server, when we were given one: cargo and rustc look for them.
std::vector<int> jobserver_descriptors(const Environment& environment);

}  // namespace pcargo::prepare
