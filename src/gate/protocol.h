// SPDX-License-Identifier: MIT OR Apache-2.0
// What pcargo and the link gate say to each other. The gate is the program that rustc of a late-linked unit runs as its
// linker. Beside the name it is called by lies its ticket, which says which inherited descriptor leads to pcargo: one
// end of a pair of AF_UNIX SOCK_SEQPACKET sockets. No variable and no path in a file system leads there.
//
//   gate                                   pcargo
//   kObjects, its pid as text         ->            the objects are made; sent again by each linker that rustc starts
//                                     <-   kGo      every file that a stub stands for is there: link
//                                     <-   kAway    no link: end with a failure
//   (end of file: pcargo, or its interest, is gone: the gate ends with a failure)
//
// rustc starts its linker again with other flags when it failed: who has answered kGo once answers it at once from then
// on.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pcargo::gate {

inline constexpr char kObjects = 'o';
inline constexpr char kGo = 'g';
inline constexpr char kAway = 'a';

/// Exit codes of the gate; with 0, or any other, it was the linker that ended.
inline constexpr int kExitNoPermission = 125;  ///< kAway, or nobody there to permit it
inline constexpr int kExitNoLinker = 127;      ///< the true linker cannot be executed; as a shell says it

/// Name of the ticket, in the gate's directory.
inline constexpr std::string_view kTicketName = "ticket";

/// A directory, and the one that stands for it among the linker's arguments. Absolute, without a slash at the end.
struct Replacement {
  std::string from;
  std::string to;

  bool operator==(const Replacement&) const = default;
};

struct Ticket {
  int descriptor = -1;
  std::uint64_t inode = 0;               ///< of the socket, so that another one of that number is not taken for it
  std::string linker;                    ///< the true one, as rustc would call it: looked up in PATH without a slash
  std::vector<Replacement> directories;  ///< from stubs to what they stand for; none lies in another

  bool operator==(const Ticket&) const = default;
};

inline constexpr std::string_view kTicketMagic = "pcargo gate 1";

/// Fields that each end with NUL: no path or program name holds one.
inline std::string ticket_text(const Ticket& ticket) {
  std::string text;
  const auto field = [&text](std::string_view value) { text.append(value).push_back('\0'); };
  field(kTicketMagic);
  field(std::to_string(ticket.descriptor));
  field(std::to_string(ticket.inode));
  field(ticket.linker);
  for (const auto& [from, to] : ticket.directories) {
    field(from);
    field(to);
  }
  return text;
}

/// nullopt: no ticket of this protocol, or half of one.
inline std::optional<Ticket> read_ticket(std::string_view text) {
  std::vector<std::string_view> fields;
  while (!text.empty()) {
    const auto end = text.find('\0');
    if (end == std::string_view::npos) {
      return std::nullopt;
    }
    fields.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  constexpr std::size_t kFixed = 4;
  if (fields.size() < kFixed || (fields.size() - kFixed) % 2 != 0 || fields[0] != kTicketMagic) {
    return std::nullopt;
  }
  const auto number = [](std::string_view digits, auto* value) {
    const auto* end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, *value);
    return read.ec == std::errc() && read.ptr == end;
  };
  Ticket ticket;
  if (!number(fields[1], &ticket.descriptor) || !number(fields[2], &ticket.inode)) {
    return std::nullopt;
  }
  ticket.linker = fields[3];
  for (std::size_t i = kFixed; i < fields.size(); i += 2) {
    ticket.directories.push_back({std::string(fields[i]), std::string(fields[i + 1])});
  }
  return ticket;
}

}  // namespace pcargo::gate
