// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/child_process.h"

#include "platform/descriptor.h"
#include "platform/os_error.h"
#include "platform/signal_relay.h"
#include "platform/spawn_program.h"
#include "platform/uv_handle.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

namespace pcargo::platform {
namespace {

constexpr std::uint64_t kDrainLimitMs = 200;
// Per callback and pipe, of 64 KiB each: one chatty child must not starve the others.
constexpr int kReadRounds = 4;
constexpr int kLastReadRounds = 64;

/// Our end of a child's stdout or stderr.
struct Output {
  Descriptor descriptor;
  std::optional<ReadableWatcher> watcher;  // after the descriptor: stops before it is closed

  bool open() const { return static_cast<bool>(descriptor); }
  void close() {
    watcher.reset();
    descriptor.reset();
  }
};

Descriptor open_pidfd(pid_t pid) {
#ifdef SYS_pidfd_open
  return Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));  // is close-on-exec
#else
  static_cast<void>(pid);
  return Descriptor();
#endif
}

std::int64_t microseconds(const timeval& time) {
  return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_usec;
}

ExitStatus exit_status(int status, const rusage& usage) {
  ExitStatus exit;
  if (WIFSIGNALED(status)) {
    exit.signal = WTERMSIG(status);
    exit.core_dumped = WCOREDUMP(status);
  } else {
    exit.code = WEXITSTATUS(status);
  }
  exit.user_us = microseconds(usage.ru_utime);
  exit.system_us = microseconds(usage.ru_stime);
  exit.max_rss_kib = usage.ru_maxrss;
  return exit;
}

Result<void> make_pipe_for(Stream stream, const SpawnOptions& options, Pipe* pipe) {
  if (stream == Stream::kPipe) {
    auto made = make_pipe();
    if (!made) {
      return std::move(made).error().context(could_not_execute(options.argv));
    }
    *pipe = *std::move(made);
  }
  return {};
}

/// Is it sent to make a process end? (SIGCONT and its like are not.)
bool is_ending(int signal_number) {
  return signal_number != SIGCONT && signal_number != SIGSTOP && signal_number != SIGTSTP && signal_number != SIGWINCH;
}

/// Whoever started us may have had SIGCHLD ignored: then the kernel reaps our children and we never learn how they
/// ended.
void make_children_waitable() {
  struct sigaction action {};
  if (::sigaction(SIGCHLD, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) {
    action.sa_handler = SIG_DFL;
    ::sigaction(SIGCHLD, &action, nullptr);
  }
}

}  // namespace

/// Lives until the child is over and its ChildProcess is gone. The dead child is reaped as late as possible: as long as
/// it is a zombie, its number and its group cannot become a stranger's.
struct ChildProcess::Impl {
  Impl(EventLoop& its_loop, Callbacks its_callbacks) : loop(its_loop), callbacks(std::move(its_callbacks)) {}

  void watch(Output& output, const std::function<void(std::string_view)>& callback);
  void watch_exit(bool avoid_pidfd);
  void read(Output& output, const std::function<void(std::string_view)>& callback, int rounds);
  void check_exit();
  void check_over();
  void finish();
  void send(int signal_number);
  void signal(int signal_number);
  void abandon();

  /// Runs something that may call the owner, who may destroy us meanwhile.
  template <class Action>
  void guarded(Action action) {
    ++busy;
    action();
    --busy;
    if (busy == 0 && over && !owned) {
      delete this;
    }
  }

  EventLoop& loop;
  Callbacks callbacks;
  pid_t pid = -1;
  bool own_group = false;
  Output out;
  Output err;
  Descriptor pidfd;
  std::optional<ReadableWatcher> pidfd_watcher;
  std::optional<SignalWatcher> child_signal_watcher;
  std::optional<Timer> first_look;
  std::optional<Timer> drain_timer;
  int busy = 0;
  bool exited = false;     // it is a zombie
  bool signalled = false;  // by us
  bool over = false;       // it is reaped
  bool owned = true;
};

void ChildProcess::Impl::watch(Output& output, const std::function<void(std::string_view)>& callback) {
  if (output.open()) {
    output.watcher.emplace(loop, output.descriptor.get(), [this, &output, &callback] {
      guarded([&] {
        read(output, callback, kReadRounds);
        check_over();
      });
    });
  }
}

void ChildProcess::Impl::watch_exit(bool avoid_pidfd) {
  if (!avoid_pidfd) {
    pidfd = open_pidfd(pid);
  }
  const auto look = [this] { guarded([this] { check_exit(); }); };
  if (pidfd) {
    pidfd_watcher.emplace(loop, pidfd.get(), look);
    return;
  }
  // An old kernel, or no descriptor left. The child may have ended before we watched: hence the first look.
  child_signal_watcher.emplace(loop, SIGCHLD, [look](int) { look(); });
  first_look.emplace(loop, 0, 0, look);
}

void ChildProcess::Impl::read(Output& output, const std::function<void(std::string_view)>& callback, int rounds) {
  std::vector<char>& buffer = loop.impl().read_buffer;
  for (int round = 0; round < rounds && output.open(); ++round) {
    const ssize_t count = ::read(output.descriptor.get(), buffer.data(), buffer.size());
    if (count > 0) {
      if (owned && callback) {
        callback(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
      }
    } else if (count < 0 && errno == EINTR) {
      continue;
    } else if (count < 0 && errno == EAGAIN) {
      return;
    } else {
      output.close();
    }
  }
}

void ChildProcess::Impl::check_exit() {
  if (exited) {
    return;
  }
  siginfo_t info{};
  const int result = ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT);
  if (result == 0 && info.si_pid == 0) {
    return;
  }
  exited = true;
  pidfd_watcher.reset();
  pidfd.reset();
  child_signal_watcher.reset();
  first_look.reset();
  if (out.open() || err.open()) {
    drain_timer.emplace(loop, kDrainLimitMs, 0, [this] {
      guarded([this] {
        // We may be late ourselves: what is already there is not lost.
        read(out, callbacks.on_stdout, kLastReadRounds);
        read(err, callbacks.on_stderr, kLastReadRounds);
        finish();
      });
    });
  }
  check_over();
}

void ChildProcess::Impl::check_over() {
  if (exited && !out.open() && !err.open()) {
    finish();
  }
}

void ChildProcess::Impl::finish() {
  if (over) {
    return;
  }
  const bool pipes_left_open = out.open() || err.open();
  drain_timer.reset();
  out.close();
  err.close();
  if (signalled && own_group) {
    send(SIGKILL);
  }
  int status = 0;
  rusage usage{};
  pid_t reaped = 0;
  do {
    reaped = ::wait4(pid, &status, 0, &usage);  // a zombie: does not wait
  } while (reaped < 0 && errno == EINTR);
  PCARGO_CHECK(reaped == pid);
  over = true;
  auto& children = loop.impl().children;
  children.erase(std::find(children.begin(), children.end(), this));
  if (!owned) {
    --loop.impl().dying_children;
  } else if (callbacks.on_over) {
    callbacks.on_over(exit_status(status, usage), pipes_left_open);
  }
}

void ChildProcess::Impl::send(int signal_number) {
  if (!over) {
    ::kill(own_group ? -pid : pid, signal_number);
  }
}

void ChildProcess::Impl::signal(int signal_number) {
  signalled = signalled || is_ending(signal_number);
  send(signal_number);
}

void ChildProcess::Impl::abandon() {
  guarded([this] {
    owned = false;
    if (!over) {
      ++loop.impl().dying_children;
      signalled = true;
      send(SIGKILL);
      drain_timer.reset();
      out.close();
      err.close();
      check_over();
    }
  });
}

Result<ChildProcess> ChildProcess::spawn(EventLoop& loop, const SpawnOptions& options, Callbacks callbacks) {
  PCARGO_CHECK(options.standard_input != Stream::kPipe);
  make_children_waitable();
  Pipe out;
  Pipe err;
  PCARGO_TRY(make_pipe_for(options.standard_output, options, &out));
  PCARGO_TRY(make_pipe_for(options.standard_error, options, &err));
  const ChildStreams streams{-1, out.write_end.get(), err.write_end.get()};
  PCARGO_ASSIGN(const pid_t pid, spawn_program(options, streams));

  auto* impl = new Impl(loop, std::move(callbacks));
  impl->pid = pid;
  impl->own_group = options.own_process_group;
  impl->out.descriptor = std::move(out.read_end);
  impl->err.descriptor = std::move(err.read_end);
  impl->watch(impl->out, impl->callbacks.on_stdout);
  impl->watch(impl->err, impl->callbacks.on_stderr);
  impl->watch_exit(options.avoid_pidfd);
  loop.impl().children.push_back(impl);
  return ChildProcess(impl);
}

ChildProcess::~ChildProcess() {
  if (impl_ != nullptr) {
    std::exchange(impl_, nullptr)->abandon();
  }
}
ChildProcess::ChildProcess(ChildProcess&& other) noexcept : impl_(std::exchange(other.impl_, nullptr)) {}
ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  if (this != &other) {
    ChildProcess old(std::exchange(impl_, std::exchange(other.impl_, nullptr)));
  }
  return *this;
}

void ChildProcess::signal(int signal_number) {
  if (impl_ != nullptr) {
    impl_->signal(signal_number);
  }
}

void ChildProcess::signal_all(EventLoop& loop, int signal_number) {
  for (Impl* child : loop.impl().children) {
    child->signal(signal_number);
  }
}

int ChildProcess::pid() const {
  return impl_ == nullptr ? -1 : impl_->pid;
}

bool is_too_big(const Error& error) {
  // Not for the exit code and not somebody else's text: spawn_program() wrote it.
  return !error.causes.empty() && error.causes.back() == os_error_text(E2BIG);
}

Result<Completed> run_to_end(const SpawnOptions& options) {
  EventLoop loop;
  Completed completed;
  ChildProcess::Callbacks callbacks;
  callbacks.on_stdout = [&](std::string_view bytes) { completed.out += bytes; };
  callbacks.on_stderr = [&](std::string_view bytes) { completed.err += bytes; };
  callbacks.on_over = [&](const ExitStatus& status, bool) { completed.status = status; };
  SignalRelay relay(loop);
  PCARGO_ASSIGN(const ChildProcess child, ChildProcess::spawn(loop, options, std::move(callbacks)));
  relay.run();
  return completed;
}

}  // namespace pcargo::platform
