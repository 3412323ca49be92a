// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/spawn_program.h"

#include "base/command_text.h"
#include "platform/os_error.h"
#include "platform/resource_limits.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

namespace pcargo::platform {
namespace {

/// Are we ignoring this signal? Asked of the kernel, because glibc does not answer for its internal ones.
[[maybe_unused]] bool is_ignored(int number) {
  struct {
    void (*handler)(int);
    unsigned long rest[20];
  } action{};
  constexpr std::size_t kSetBytes = 8;
  return ::syscall(SYS_rt_sigaction, number, nullptr, &action, kSetBytes) == 0 && action.handler == SIG_IGN;
}

/// glibc's posix_spawn leaves its threads' two internal signals ignored in the child unless they are in the default
/// set, where sigaddset refuses to put them. A child of cargo ignores the first only if cargo was started so (make does
/// that), and the second never: cargo's own threads have given it a handler.
void add_internal_signals([[maybe_unused]] sigset_t* set) {
#ifdef __GLIBC__
  const auto add = [set](unsigned number) {
    constexpr unsigned kWordBits = sizeof(set->__val[0]) * 8;
    set->__val[(number - 1) / kWordBits] |= 1UL << ((number - 1) % kWordBits);
  };
  constexpr unsigned kCancel = 32;
  constexpr unsigned kSetId = 33;
  if (!is_ignored(kCancel)) {
    add(kCancel);
  }
  add(kSetId);
#endif
}

/// posix_spawn's two argument objects, filled from the options.
class SpawnSettings {
 public:
  SpawnSettings(const SpawnOptions& options, const ChildStreams& streams) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    set_streams(options, streams);
    set_attributes(options);
  }
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }
  /// The first setter that failed (out of memory, a negative descriptor), or 0.
  int error() const { return error_; }

 private:
  void note(int result) {
    if (error_ == 0) {
      error_ = result;
    }
  }

  void set_stream(Stream kind, int ours, int theirs, int null_flags) {
    if (kind == Stream::kNull) {
      note(::posix_spawn_file_actions_addopen(&actions_, theirs, "/dev/null", null_flags, 0));
    } else if (kind == Stream::kPipe) {
      note(::posix_spawn_file_actions_adddup2(&actions_, ours, theirs));
    }
  }

  void set_streams(const SpawnOptions& options, const ChildStreams& streams) {
    set_stream(options.standard_input, streams.input, STDIN_FILENO, O_RDONLY);
    set_stream(options.standard_output, streams.output, STDOUT_FILENO, O_WRONLY);
    set_stream(options.standard_error, streams.error, STDERR_FILENO, O_WRONLY);
    for (const int descriptor : options.inherited_descriptors) {
      // Onto itself: clears close-on-exec, in the child only.
      note(::posix_spawn_file_actions_adddup2(&actions_, descriptor, descriptor));
    }
    if (!options.working_directory.empty()) {
      note(::posix_spawn_file_actions_addchdir_np(&actions_, options.working_directory.c_str()));
    }
  }

  void set_attributes(const SpawnOptions& options) {
    // As Rust's Command: nothing blocked, SIGPIPE as it is by default; what else we were told to ignore stays ignored.
    sigset_t set;
    ::sigemptyset(&set);
    note(::posix_spawnattr_setsigmask(&attributes_, &set));
    ::sigaddset(&set, SIGPIPE);
    add_internal_signals(&set);
    note(::posix_spawnattr_setsigdefault(&attributes_, &set));
    int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    if (options.own_process_group) {
      note(::posix_spawnattr_setpgroup(&attributes_, 0));
      flags |= POSIX_SPAWN_SETPGROUP;
    }
    note(::posix_spawnattr_setflags(&attributes_, static_cast<short>(flags)));
  }

  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
  int error_ = 0;
};

int spawn_once(const char* path,
               const SpawnSettings& settings,
               std::vector<char*>& argv,
               std::vector<char*>& environment,
               pid_t* pid) {
  const OriginalDescriptorLimit limit;
  return ::posix_spawn(pid, path, settings.actions(), settings.attributes(), argv.data(), environment.data());
}

/// Close-on-exec keeps our own children out of it, but somebody else's fork may hold a fresh executable open for
/// writing.
int spawn_with_patience(const char* path,
                        const SpawnSettings& settings,
                        std::vector<char*>& argv,
                        std::vector<char*>& environment,
                        pid_t* pid) {
  constexpr int kAttempts = 11;
  auto pause = std::chrono::milliseconds(1);
  for (int attempt = 1;; ++attempt) {
    const int result = spawn_once(path, settings, argv, environment, pid);
    if (result != ETXTBSY || attempt == kAttempts) {
      return result;
    }
    std::this_thread::sleep_for(pause);
    pause *= 2;
  }
}

/// A failed start costs a fork, so we look first. Relative paths are the child's directory's business.
bool is_missing(const std::string& path) {
  return path[0] == '/' && ::access(path.c_str(), F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

/// execvp's rule: these mean "not here, look on".
bool look_on(int error_number) {
  return error_number == ENOENT || error_number == ENOTDIR || error_number == EACCES || error_number == ESTALE ||
         error_number == ENODEV || error_number == ETIMEDOUT;
}

}  // namespace

std::vector<std::string> program_candidates(const std::string& program, const std::string& search_path) {
  if (program.empty() || program.find('/') != std::string::npos) {
    return {program};
  }
  // What execvp takes when there is no PATH.
  const std::string path = search_path.empty() ? "/bin:/usr/bin" : search_path;
  std::vector<std::string> candidates;
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    const std::string directory = path.substr(begin, end - begin);
    candidates.push_back(directory.empty() ? "./" + program : directory + "/" + program);
    begin = end + 1;
  }
  return candidates;
}

std::vector<char*> exec_block(const std::vector<std::string>& strings) {
  std::vector<char*> block;
  block.reserve(strings.size() + 1);
  for (const std::string& string : strings) {
    block.push_back(const_cast<char*>(string.c_str()));  // exec does not write to them
  }
  block.push_back(nullptr);
  return block;
}

std::vector<char*> shell_block(const std::string& script, const std::vector<char*>& argv) {
  static char shell[] = "/bin/sh";
  std::vector<char*> block = {shell, const_cast<char*>(script.c_str())};
  block.insert(block.end(), argv.begin() + 1, argv.end());
  return block;
}

std::string could_not_execute(const std::vector<std::string>& argv) {
  return "could not execute process " + display_command({}, argv) + " (never executed)";
}

Error could_not_execute(const std::vector<std::string>& argv, int error_number) {
  return os_error(error_number, could_not_execute(argv));
}

Result<pid_t> spawn_program(const SpawnOptions& options, const ChildStreams& streams) {
  PCARGO_CHECK(!options.argv.empty());
  const SpawnSettings settings(options, streams);
  if (settings.error() != 0) {
    return could_not_execute(options.argv, settings.error());
  }
  std::vector<char*> argv = exec_block(options.argv);
  std::vector<char*> environment = exec_block(options.environment);
  int reason = ENOENT;
  for (const std::string& candidate : program_candidates(options.argv[0], options.search_path)) {
    if (is_missing(candidate)) {
      continue;
    }
    pid_t pid = -1;
    int result = spawn_with_patience(candidate.c_str(), settings, argv, environment, &pid);
    if (result == ENOEXEC) {
      std::vector<char*> for_shell = shell_block(candidate, argv);
      result = spawn_with_patience(for_shell[0], settings, for_shell, environment, &pid);
    }
    if (result == 0) {
      return pid;
    }
    if (!look_on(result)) {
      return could_not_execute(options.argv, result);
    }
    reason = result == EACCES ? EACCES : reason;
  }
  return could_not_execute(options.argv, reason);
}

}  // namespace pcargo::platform
