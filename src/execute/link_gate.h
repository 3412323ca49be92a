// SPDX-License-Identifier: MIT OR Apache-2.0
// pcargo's side of one late-linked unit's gate: the directory that rustc is given the linker in, the ticket, and the
// socket over which the gate asks. What is said there: gate/protocol.h.
#pragma once

#include "base/result.h"
#include "gate/protocol.h"
#include "platform/event_loop.h"
#include "platform/socket_pair.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pcargo::execute {

class LinkGate {
 public:
  /// `on_objects`: once, from the loop, when rustc has started its linker, whose process that will be. It may destroy
  /// this.
  LinkGate(platform::EventLoop& loop, std::function<void(int pid)> on_objects);
  /// A gate that still waits ends by itself.
  ~LinkGate();
  LinkGate(const LinkGate&) = delete;
  LinkGate& operator=(const LinkGate&) = delete;

  /// Once. `program`: the gate's; `directory`: a new one of this gate's own, which goes with the attempt that it lies
  /// in. `linker` as rustc would have it; `directories`: from stubs to what they stand for.
  Result<void> open(const std::string& program,
                    const std::string& directory,
                    const std::string& linker,
                    std::vector<gate::Replacement> directories);

  /// For `-C linker=`.
  const std::string& path() const { return path_; }
  /// For rustc to inherit under its own number.
  int descriptor() const { return sockets_.theirs.get(); }
  /// rustc runs, or never will: its end is no longer ours.
  void let_go() { sockets_.theirs.reset(); }

  /// What was said and not heard yet: rustc is over.
  void catch_up() { hear(); }

  /// Opens the gate, for every linker that this rustc starts from now on: it tries again with other flags when one
  /// failed.
  void permit();
  /// The linker is not run: rustc will fail.
  void refuse();

 private:
  void answer();
  void hear();

  platform::EventLoop& loop_;
  std::function<void(int pid)> on_objects_;  // empty: it was called
  std::string path_;
  platform::SocketPair sockets_;
  std::optional<platform::ReadableWatcher> watcher_;
  char word_ = 0;  // of the answer; 0: not decided
  bool is_asked_ = false;
};

/// The gate's program, as it is installed with this pcargo; nullopt: it is not.
std::optional<std::string> find_gate_program();

/// Would execvp find `linker` in `search_path`, from `working_directory`? If not, rustc itself must say so.
bool has_linker(const std::string& linker, const std::string& search_path, const std::string& working_directory);

}  // namespace pcargo::execute
