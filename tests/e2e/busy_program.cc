// SPDX-License-Identifier: MIT OR Apache-2.0
// Preloaded: a build script's program is open for writing when it is started, as another thread's fork would hold it.
// PCARGO_TEST_BUSY names a file that gets a line for each time the system refused to start it; after so many lines as
// PCARGO_TEST_BUSY_TIMES says the program is closed.
#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>

extern "C" int posix_spawn(pid_t* pid,
                           const char* path,
                           const posix_spawn_file_actions_t* actions,
                           const posix_spawnattr_t* attributes,
                           char* const argv[],
                           char* const environment[]) {
  static const auto real = reinterpret_cast<decltype(&posix_spawn)>(dlsym(RTLD_NEXT, "posix_spawn"));
  static const char* log = std::getenv("PCARGO_TEST_BUSY");
  static int left = std::atoi(std::getenv("PCARGO_TEST_BUSY_TIMES"));
  if (left == 0 || !std::string_view(path).ends_with("/build-script-build")) {
    return real(pid, path, actions, attributes, argv, environment);
  }
  const int writer = open(path, O_WRONLY | O_CLOEXEC);
  const int result = real(pid, path, actions, attributes, argv, environment);
  close(writer);
  if (result == ETXTBSY) {
    --left;
    const int file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    [[maybe_unused]] const ssize_t written = write(file, "busy\n", 5);
    close(file);
  }
  return result;
}
