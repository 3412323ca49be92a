// SPDX-License-Identifier: MIT OR Apache-2.0
// The link gate: rustc runs it as its linker. It says that the objects are made, waits for pcargo's permission, puts
// real paths in place of stubs, and becomes the true linker, which gets nothing of it but that. It is started once for
// every program that is linked: no library, no allocation to speak of before it waits.
#include "gate/protocol.h"
#include "gate/rewrite.h"

#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::gate {
namespace {

/// One line on stderr, which rustc shows. Gives the exit code back.
int fail(int code, const std::string& sentence) {
  const std::string line = "pcargo-gate: " + sentence + "\n";
  (void)!::write(STDERR_FILENO, line.data(), line.size());
  return code;
}

std::optional<std::string> read_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return std::nullopt;
  }
  std::string bytes;
  constexpr std::size_t kStep = std::size_t{64} * 1024;
  for (;;) {
    const auto size = bytes.size();
    bytes.resize(size + kStep);
    const auto count = ::read(file, bytes.data() + size, kStep);
    bytes.resize(size + (count > 0 ? static_cast<std::size_t>(count) : 0));
    if (count == 0 || (count < 0 && errno != EINTR)) {
      ::close(file);
      return count == 0 ? std::optional(std::move(bytes)) : std::nullopt;
    }
  }
}

bool write_file(const std::string& path, std::string_view bytes) {
  constexpr mode_t kMode = 0666;
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kMode);
  while (file >= 0 && !bytes.empty()) {
    const auto count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) {
      ::close(file);
      return false;
    }
    bytes.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
  }
  return file >= 0 && ::close(file) == 0;
}

/// The name it was called by: argv[0] may say anything, and the program itself lies elsewhere.
std::string own_directory() {
  const auto* called = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));  // NOLINT: the kernel's own convention
  const std::string_view path = called == nullptr ? "" : called;
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? "." : std::string(path.substr(0, slash));
}

bool is_the_socket(const Ticket& ticket) {
  struct stat there {};
  return ::fstat(ticket.descriptor, &there) == 0 && S_ISSOCK(there.st_mode) && there.st_ino == ticket.inode;
}

/// pcargo's answer; nullopt when nobody is there to give one.
std::optional<char> ask(int socket) {
  const std::string message = kObjects + std::to_string(::getpid());
  ssize_t count = 0;
  do {
    count = ::send(socket, message.data(), message.size(), MSG_NOSIGNAL);
  } while (count < 0 && errno == EINTR);
  if (count < 0) {
    return std::nullopt;
  }
  char answer = 0;
  do {
    count = ::recv(socket, &answer, 1, 0);
  } while (count < 0 && errno == EINTR);
  return count == 1 ? std::optional(answer) : std::nullopt;
}

/// `@file`, or a new file beside it where it names stubs. rustc writes its own into a directory that it removes.
std::optional<std::string> rewrite_response_file(const std::string& argument, const Ticket& ticket) {
  const auto text = read_file(argument.substr(1));
  if (!text) {
    return argument;  // no such file: the linker takes it for an ordinary word
  }
  const auto rewritten = rewrite_response(*text, ticket.directories);
  if (rewritten == *text) {
    return argument;
  }
  const auto beside = argument.substr(1) + ".real";
  return write_file(beside, rewritten) ? std::optional("@" + beside) : std::nullopt;
}

int link(const Ticket& ticket, const std::vector<std::string_view>& given) {
  std::vector<std::string> words{ticket.linker};
  for (const auto argument : given) {
    words.push_back(rewrite_argument(argument, ticket.directories));
    if (argument.starts_with('@')) {
      auto response = rewrite_response_file(words.back(), ticket);
      if (!response) {
        return fail(kExitNoPermission, "cannot write " + words.back().substr(1) + ".real: " + std::strerror(errno));
      }
      words.back() = *std::move(response);
    }
  }
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  ::execvp(argv[0], argv.data());  // in the PATH that rustc has set, as rustc would
  return fail(kExitNoLinker, "could not execute the linker `" + ticket.linker + "`: " + std::strerror(errno));
}

int run(const std::vector<std::string_view>& arguments) {
  const auto path = own_directory() + "/" + std::string(kTicketName);
  const auto text = read_file(path);
  const auto ticket = text ? read_ticket(*text) : std::nullopt;
  if (!ticket) {
    return fail(kExitNoPermission, "no ticket at " + path + "; only pcargo starts this program");
  }
  if (!is_the_socket(*ticket)) {
    return fail(kExitNoPermission, "descriptor " + std::to_string(ticket->descriptor) + " does not lead to pcargo");
  }
  ::fcntl(ticket->descriptor, F_SETFD, FD_CLOEXEC);
  const auto answer = ask(ticket->descriptor);
  if (!answer) {
    return fail(kExitNoPermission, "pcargo is gone");
  }
  return *answer == kGo ? link(*ticket, arguments) : kExitNoPermission;
}

}  // namespace
}  // namespace pcargo::gate

int main(int argc, char** argv) {
  return pcargo::gate::run({argv + (argc > 0 ? 1 : 0), argv + argc});
}
