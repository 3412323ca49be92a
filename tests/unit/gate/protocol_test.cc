// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gate/protocol.h"

#include <catch2/catch.hpp>

using pcargo::gate::read_ticket;
using pcargo::gate::Ticket;
using pcargo::gate::ticket_text;

TEST_CASE("a ticket is read as it was written") {
  const Ticket bare{7, 18446744073709551615U, "cc", {}};
  CHECK(read_ticket(ticket_text(bare)) == bare);
  const Ticket full{12, 42, "/opt/my tools/gcc-12", {{"/b/stubs\n", "/b/deps"}, {"/b/host stubs", ""}}};
  CHECK(read_ticket(ticket_text(full)) == full);
}

TEST_CASE("half a ticket is none, wherever it was cut") {
  const auto text = ticket_text({7, 42, "cc", {{"/stubs", "/deps"}}});
  const auto bare = ticket_text({7, 42, "cc", {}});
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto ticket = read_ticket(std::string_view(text).substr(0, length));
    CHECK(ticket.has_value() == (length == bare.size()));
  }
}

TEST_CASE("a ticket of another protocol is none") {
  auto text = ticket_text({7, 42, "cc", {}});
  text[pcargo::gate::kTicketMagic.size() - 1] = '2';
  CHECK_FALSE(read_ticket(text));
  using namespace std::string_literals;
  CHECK_FALSE(read_ticket("pcargo gate 1\0seven\0"s + "42\0cc\0"s));
  CHECK_FALSE(read_ticket("pcargo gate 1\0"s + "7 \0"s + "42\0cc\0"s));
}
