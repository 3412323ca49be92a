// SPDX-License-Identifier: MIT OR Apache-2.0
// The pool of job tokens that we share with the compilers' threads, with `make` below us in build scripts, and with
// `make` above us when it started us. The protocol is GNU make's; the words in the environment are those of cargo's
// `jobserver` crate (0.1). Knows nothing of units: the scheduler decides when a token is wanted and when it is given
// back.
//
// One slot is implicit: we may run one job without any token. A token is a byte; the byte that was taken is the byte
// given back. Children of a server take from one pipe and give back into another, which only we read: what comes there
// is ours first. In one pipe for both the compilers' threads, which block in it, would be faster than we nearly always.
#pragma once

#include "base/environment.h"
#include "base/result.h"
#include "platform/descriptor.h"
#include "platform/event_loop.h"

#include <climits>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::execute {

class Jobserver {
 public:
  /// `count` tokens more are held. Comes from the loop, never from within want().
  using OnGranted = std::function<void(int count)>;

  /// A client of the pool that CARGO_MAKEFLAGS, MAKEFLAGS or MFLAGS names (the first of them that is set decides), or
  /// the server of one with `slots` - 1 tokens in it. A pool that is named but not there is left alone: warning() says
  /// why, cargo says nothing. No more than `most` - 1 tokens are ever held.
  static Result<std::unique_ptr<Jobserver>> open(platform::EventLoop& loop,
                                                 const Environment& environment,
                                                 unsigned slots,
                                                 OnGranted on_granted,
                                                 unsigned most = INT_MAX);

  /// Would open() be a client? cargo then ignores `-j`, with a warning.
  static bool is_inherited(const Environment& environment);

  /// All tokens go back.
  ~Jobserver();
  Jobserver(const Jobserver&) = delete;
  Jobserver& operator=(const Jobserver&) = delete;

  /// So many tokens are wanted beyond those held; replaces what was wanted before. Each token that comes lowers it by
  /// one. While 0, tokens are left for others.
  void want(int count);

  /// One held token goes back. Never blocks.
  void give_back();

  int held() const { return static_cast<int>(tokens_.size()); }
  bool is_client() const { return client_; }
  const std::optional<std::string>& warning() const { return warning_; }

  /// For CARGO_MAKEFLAGS of compilers and build scripts: "-j --jobserver-fds=R,W --jobserver-auth=R,W".
  std::string environment_value() const;

  /// What these children must inherit; none when the pool is a named fifo.
  const std::vector<int>& inherited_descriptors() const { return inherited_; }

 private:
  struct Connection;
  Jobserver(platform::EventLoop& loop, Connection connection, OnGranted on_granted);
  static Result<Connection> connect(const std::string& auth);
  static Result<Connection> serve(unsigned slots);
  void take_returned();
  void take(std::string_view tokens);
  static std::optional<std::string> auth_in(const Environment& environment);
  void watch();
  void take_available();

  platform::EventLoop& loop_;
  OnGranted on_granted_;
  std::string auth_;            // "R,W" or "fifo:PATH"
  std::vector<int> inherited_;  // numbers in auth_
  platform::Pipe pool_;         // the server's own pipes: the one that children take from, and
  platform::Pipe returns_;      // the one that they give back into
  platform::Descriptor read_;   // of the pool, ours alone, nonblocking; a fifo has it for both
  platform::Descriptor write_;
  std::optional<std::string> warning_;
  bool client_ = false;
  int wanted_ = 0;
  int most_ = INT_MAX;  // that we hold: of our own pool no more than we put in, whatever children put in beside
  std::vector<char> tokens_;
  std::optional<platform::ReadableWatcher> watcher_;  // of the pool, only while a token is wanted
  std::optional<platform::ReadableWatcher> returns_watcher_;
};

}  // namespace pcargo::execute
