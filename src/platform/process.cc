// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/process.h"

#include "platform/files.h"
#include "platform/os_error.h"
#include "platform/resource_limits.h"
#include "platform/spawn_program.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <sstream>

namespace pcargo::platform {
namespace {

void unblock_all_signals() {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void open_standard_streams() {
  // Else a pipe of ours would get such a number, and whoever prints would print into it.
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) {
      [[maybe_unused]] const int opened = ::open("/dev/null", O_RDWR);
    }
  }
}

}  // namespace

void set_up_process() {
  open_standard_streams();
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGCHLD, SIG_DFL);
  raise_descriptor_limit();
}

Environment current_environment() {
  return Environment::from_block(::environ);
}

std::string process_identity(int pid) {
  const std::string number = std::to_string(pid);
  const auto status = read_file("/proc/" + number + "/stat");
  // Behind the name, which may hold anything, come the state and 18 numbers; then the start (proc(5): field 22).
  const auto name_end = status ? status->rfind(')') : std::string::npos;
  if (name_end == std::string::npos) {
    return "";
  }
  std::istringstream fields(status->substr(name_end + 1));
  std::string field;
  for (int i = 3; i <= 22 && fields >> field; ++i) {
    if (i == 3 && (field == "Z" || field == "X")) {
      return "";
    }
  }
  return number + " " + field;
}

bool is_running(const std::string& identity) {
  const int pid = std::atoi(identity.c_str());
  return pid > 0 && process_identity(pid) == identity;
}

Result<std::string> current_directory() {
  const std::unique_ptr<char, void (*)(void*)> path(::getcwd(nullptr, 0), ::free);
  if (!path) {
    return os_error(errno, "couldn't get the current directory of the process");
  }
  return std::string(path.get());
}

Result<std::string> current_executable() {
  char path[PATH_MAX];
  const ssize_t length = ::readlink("/proc/self/exe", path, sizeof path);
  if (length < 0) {
    return os_error(errno, "couldn't get the path to this executable");
  }
  return std::string(path, static_cast<std::size_t>(length));
}

Error replace_process(const std::vector<std::string>& argv,
                      const Environment& environment,
                      const std::string& directory) {
  PCARGO_CHECK(!argv.empty());
  if (!directory.empty() && ::chdir(directory.c_str()) != 0) {
    return could_not_execute(argv, errno);
  }
  const std::vector<std::string> variables = environment.to_block();
  const std::vector<char*> argument_block = exec_block(argv);
  const std::vector<char*> variable_block = exec_block(variables);
  const OriginalDescriptorLimit limit;
  const auto pipe_action = ::signal(SIGPIPE, SIG_DFL);
  unblock_all_signals();
  int reason = ENOENT;
  for (const std::string& candidate : program_candidates(argv[0], environment.get("PATH").value_or(""))) {
    ::execve(candidate.c_str(), argument_block.data(), variable_block.data());
    if (errno == ENOEXEC) {
      const std::vector<char*> for_shell = shell_block(candidate, argument_block);
      ::execve(for_shell[0], for_shell.data(), variable_block.data());
    }
    reason = errno == ENOENT || errno == ENOTDIR ? reason : errno;
  }
  ::signal(SIGPIPE, pipe_action);
  return could_not_execute(argv, reason);
}

void die_of_signal(int signal_number) {
  ::signal(signal_number, SIG_DFL);
  unblock_all_signals();
  ::raise(signal_number);
  // Not deadly after all: as a shell would report it.
  ::_exit(128 + signal_number);
}

}  // namespace pcargo::platform
