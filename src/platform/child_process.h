// SPDX-License-Identifier: MIT OR Apache-2.0
// Child processes. Not uv_spawn: its pipes are socket pairs, it forks, reaps without resource usage, and leaks
// descriptors. posix_spawn, pipe2 for stdout and stderr each, pidfd_open watched by the loop, wait4.
#pragma once

#include "base/result.h"
#include "platform/event_loop.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::platform {

/// How a process ended, and what it cost (wait4: with all its children that it waited for).
struct ExitStatus {
  int code = 0;    ///< valid when signal is 0
  int signal = 0;  ///< the signal that killed it, or 0
  bool core_dumped = false;
  std::int64_t user_us = 0;
  std::int64_t system_us = 0;
  std::int64_t max_rss_kib = 0;  ///< at least what we ourselves held when we started it (Linux counts from before exec)

  bool success() const { return code == 0 && signal == 0; }
};

enum class Stream { kInherit, kNull, kPipe };

/// Everything about one start. Signals: nothing blocked, SIGPIPE default, as cargo's children get them.
struct SpawnOptions {
  std::vector<std::string> argv;              ///< argv[0] is looked up in `search_path` when it has no slash
  std::vector<std::string> environment = {};  ///< "K=V", the whole of it
  std::string search_path = {};               ///< the child's PATH; empty: "/bin:/usr/bin", as execvp
  std::string working_directory = {};         ///< empty: ours
  Stream standard_input = Stream::kNull;      ///< not kPipe
  Stream standard_output = Stream::kPipe;
  Stream standard_error = Stream::kPipe;
  std::vector<int> inherited_descriptors = {};  ///< kept open in the child under their own numbers
  bool own_process_group = true;                ///< false: stays in ours and keeps the terminal (cargo planning, `run`)
  bool avoid_pidfd = false;                     ///< for tests: wait by SIGCHLD, as where the kernel has no pidfd
};

/// One running child. Destruction before `on_over` kills its group (or it alone, if it has none of its own), which the
/// loop then reaps in the background; no callback comes any more.
class ChildProcess {
 public:
  /// Any of them may be empty, and any may destroy the ChildProcess.
  struct Callbacks {
    std::function<void(std::string_view bytes)> on_stdout;
    std::function<void(std::string_view bytes)> on_stderr;
    /// Exactly once, never from within spawn(): the process has ended and so have both pipes; or, 200 ms after its end,
    /// a grandchild still holds one (`pipes_left_open`), which nobody reads any more.
    std::function<void(const ExitStatus& status, bool pipes_left_open)> on_over;
  };

  /// Fails with "could not execute process `...` (never executed)" and the system's reason as its cause.
  static Result<ChildProcess> spawn(EventLoop& loop, const SpawnOptions& options, Callbacks callbacks);

  ChildProcess() = default;  ///< no process
  ~ChildProcess();
  ChildProcess(ChildProcess&&) noexcept;
  ChildProcess& operator=(ChildProcess&&) noexcept;

  /// To the whole process group if it has its own, else to the process. Nothing happens once it is over. What a group
  /// that was signalled leaves behind when its leader is over is killed.
  void signal(int signal_number);
  /// To every child of a loop that is not over.
  static void signal_all(EventLoop& loop, int signal_number);
  /// -1 for no process.
  int pid() const;

  struct Impl;

 private:
  explicit ChildProcess(Impl* impl) : impl_(impl) {}
  Impl* impl_ = nullptr;
};

/// Did spawn() fail because the command line (and environment) is too long? Then a response file may help.
bool is_too_big(const Error& error);

/// One child run to its end on a loop of its own, with what it wrote. For probes and tests. Signals: see SignalRelay.
struct Completed {
  ExitStatus status;
  std::string out;
  std::string err;
};
Result<Completed> run_to_end(const SpawnOptions& options);

}  // namespace pcargo::platform
