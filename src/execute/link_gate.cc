// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/link_gate.h"

#include "base/path.h"
#include "platform/files.h"
#include "platform/process.h"
#include "platform/spawn_program.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace pcargo::execute {

LinkGate::LinkGate(platform::EventLoop& loop, std::function<void(int pid)> on_objects)
    : loop_(loop), on_objects_(std::move(on_objects)) {}

LinkGate::~LinkGate() {
  watcher_.reset();  // before the socket that it watches
}

Result<void> LinkGate::open(const std::string& program,
                            const std::string& directory,
                            const std::string& linker,
                            std::vector<gate::Replacement> directories) {
  PCARGO_ASSIGN(sockets_, platform::make_socket_pair());
  PCARGO_TRY(platform::create_directories(directory));
  // The linker's own name: rustc infers from it what arguments it understands.
  path_ = path::join(directory, path::file_name(linker));
  PCARGO_TRY(platform::make_link(program, path_));
  const gate::Ticket ticket{descriptor(), platform::inode_of(descriptor()), linker, std::move(directories)};
  PCARGO_TRY(platform::write_file_by_rename(path::join(directory, gate::kTicketName), gate::ticket_text(ticket)));
  watcher_.emplace(loop_, sockets_.ours.get(), [this] { hear(); });
  return {};
}

void LinkGate::permit() {
  word_ = gate::kGo;
  answer();
}

void LinkGate::refuse() {
  word_ = gate::kAway;
  answer();
}

void LinkGate::answer() {
  if (is_asked_ && word_ != 0) {
    is_asked_ = false;
    platform::send_message(sockets_.ours.get(), {&word_, 1});
  }
}

void LinkGate::hear() {
  const auto message = platform::receive_message(sockets_.ours.get());
  if (!message) {
    return;
  }
  if (message->empty()) {
    watcher_.reset();  // rustc and all that it started are gone
    return;
  }
  is_asked_ = message->front() == gate::kObjects;
  answer();
  if (auto on_objects = std::exchange(on_objects_, {})) {
    int pid = -1;
    std::from_chars(message->data() + 1, message->data() + message->size(), pid);
    on_objects(pid);
  }
}

std::optional<std::string> find_gate_program() {
  const auto own = platform::current_executable();
  if (!own) {
    return std::nullopt;
  }
  const auto directory = path::parent(*own);
  for (const std::string_view place : {"pcargo-gate", "../libexec/pcargo/pcargo-gate"}) {
    if (auto program = path::normalize(path::join(directory, place)); platform::is_file(program)) {
      return program;
    }
  }
  return std::nullopt;
}

bool has_linker(const std::string& linker, const std::string& search_path, const std::string& working_directory) {
  const auto candidates = platform::program_candidates(linker, search_path);
  return std::any_of(candidates.begin(), candidates.end(), [&](const std::string& candidate) {
    const auto program = path::join(working_directory, candidate);
    return platform::is_file(program) && ::access(program.c_str(), X_OK) == 0;
  });
}

}  // namespace pcargo::execute
