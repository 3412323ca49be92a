// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/exit_text.h"

#include <csignal>
#include <map>

namespace pcargo::platform {

std::string describe_status(const ExitStatus& status) {
  static const std::map<int, const char*> kSignals{
      {SIGABRT, ", SIGABRT: process abort signal"},
      {SIGALRM, ", SIGALRM: alarm clock"},
      {SIGFPE, ", SIGFPE: erroneous arithmetic operation"},
      {SIGHUP, ", SIGHUP: hangup"},
      {SIGILL, ", SIGILL: illegal instruction"},
      {SIGINT, ", SIGINT: terminal interrupt signal"},
      {SIGKILL, ", SIGKILL: kill"},
      {SIGPIPE, ", SIGPIPE: write on a pipe with no one to read"},
      {SIGQUIT, ", SIGQUIT: terminal quit signal"},
      {SIGSEGV, ", SIGSEGV: invalid memory reference"},
      {SIGTERM, ", SIGTERM: termination signal"},
      {SIGBUS, ", SIGBUS: access to undefined memory"},
      {SIGSYS, ", SIGSYS: bad system call"},
      {SIGTRAP, ", SIGTRAP: trace/breakpoint trap"},
  };
  if (status.signal == 0) {
    return "exit status: " + std::to_string(status.code);
  }
  const auto name = kSignals.find(status.signal);
  return "signal: " + std::to_string(status.signal) + (name == kSignals.end() ? "" : name->second);
}

std::string describe_failure(const std::string& command, const ExitStatus& status) {
  return "process didn't exit successfully: " + command + " (" + describe_status(status) + ")";
}

}  // namespace pcargo::platform
