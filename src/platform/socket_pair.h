// SPDX-License-Identifier: MIT OR Apache-2.0
// Two sockets that lead to each other and to nobody else, for short messages that stay whole.
#pragma once

#include "base/result.h"
#include "platform/descriptor.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pcargo::platform {

struct SocketPair {
  Descriptor ours;    ///< nonblocking
  Descriptor theirs;  ///< blocking, for a child to inherit
};
Result<SocketPair> make_socket_pair();

/// What tells this socket from all others, whatever its number.
std::uint64_t inode_of(int descriptor);

/// The next message: empty when nobody holds the other end any more, nullopt when there is none yet.
std::optional<std::string> receive_message(int socket);

/// Nobody there, or no room for it: lost.
void send_message(int socket, std::string_view message);

}  // namespace pcargo::platform
