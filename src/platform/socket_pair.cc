// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/socket_pair.h"

#include "platform/os_error.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace pcargo::platform {

Result<SocketPair> make_socket_pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    return os_error(errno, "failed to make a pair of sockets");
  }
  SocketPair pair{Descriptor(ends[0]), Descriptor(ends[1])};
  PCARGO_TRY(set_nonblocking(pair.ours.get()));
  return pair;
}

std::uint64_t inode_of(int descriptor) {
  struct stat about {};
  PCARGO_CHECK(::fstat(descriptor, &about) == 0);
  return about.st_ino;
}

std::optional<std::string> receive_message(int socket) {
  constexpr std::size_t kMost = 256;
  std::string message(kMost, '\0');
  ssize_t count = 0;
  do {
    count = ::recv(socket, message.data(), message.size(), 0);
  } while (count < 0 && errno == EINTR);
  if (count < 0 && errno == EAGAIN) {
    return std::nullopt;
  }
  message.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  return message;
}

void send_message(int socket, std::string_view message) {
  while (::send(socket, message.data(), message.size(), MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
}

}  // namespace pcargo::platform
