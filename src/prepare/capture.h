// SPDX-License-Identifier: MIT OR Apache-2.0
// A child whose output is collected while other things go on.
#pragma once

#include "base/result.h"
#include "platform/child_process.h"
#include "prepare/answers.h"

#include <functional>
#include <memory>
#include <string>

namespace pcargo::prepare {

class Capture {
 public:
  using Done = std::function<void(platform::Completed)>;

  enum class Stderr { kCollect, kCollectAndShow };

  /// `done` is called once, from the loop; the Capture must live until then, or be destroyed to end the child. A
  /// failure to start is cargo's: could not execute process `...` (never executed).
  static Result<std::unique_ptr<Capture>> start(platform::EventLoop& loop,
                                                const platform::SpawnOptions& options,
                                                Done done,
                                                Stderr standard_error = Stderr::kCollect);

  /// As start(); but what `answers` know is not started: `done` is called before this returns.
  static Result<std::unique_ptr<Capture>> ask(platform::EventLoop& loop,
                                              const platform::SpawnOptions& options,
                                              Answers* answers,
                                              Done done);

 private:
  explicit Capture(Done done) : done_(std::move(done)) {}

  platform::ChildProcess child_;
  platform::Completed completed_;
  Done done_;
};

}  // namespace pcargo::prepare
