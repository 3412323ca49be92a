// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/jobserver.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace pcargo::execute {

using platform::Access;
using platform::Descriptor;

struct Jobserver::Connection {
  std::string auth;
  std::vector<int> inherited;
  platform::Pipe pool;
  platform::Pipe returns;
  Descriptor read;
  Descriptor write;
  bool client = false;
};

namespace {

std::optional<int> parse_descriptor(std::string_view text) {
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

/// As jobserver 0.1 finds it: what follows the last --jobserver-auth=, else the last --jobserver-fds=, up to a space.
std::optional<std::string> find_auth(std::string_view flags) {
  for (const std::string_view option : {"--jobserver-auth=", "--jobserver-fds="}) {
    if (const std::size_t at = flags.rfind(option); at != std::string_view::npos) {
      const std::string_view rest = flags.substr(at + option.size());
      return std::string(rest.substr(0, rest.find(' ')));
    }
  }
  return std::nullopt;
}

Error unusable(const std::string& auth, const std::string& why) {
  return Error{ErrorKind::kEnvironment, "the jobserver `" + auth + "` named in the environment cannot be used: " + why};
}

std::string sentence(const Error& error) {
  std::string text = error.message;
  for (const std::string& cause : error.causes) {
    text += ": " + cause;
  }
  return text;
}

}  // namespace

std::optional<std::string> Jobserver::auth_in(const Environment& environment) {
  for (const char* name : {"CARGO_MAKEFLAGS", "MAKEFLAGS", "MFLAGS"}) {
    if (const auto flags = environment.get(name)) {
      return find_auth(*flags);
    }
  }
  return std::nullopt;
}

Result<Jobserver::Connection> Jobserver::connect(const std::string& auth) {
  Connection connection;
  connection.auth = auth;
  connection.client = true;
  constexpr std::string_view kFifo = "fifo:";
  if (auth.compare(0, kFifo.size(), kFifo) == 0) {
    auto fifo = platform::open_fifo(auth.substr(kFifo.size()));
    if (!fifo) {
      return unusable(auth, sentence(fifo.error()));
    }
    connection.read = *std::move(fifo);
    return connection;
  }
  const std::size_t comma = auth.find(',');
  const auto read = parse_descriptor(std::string_view(auth).substr(0, comma));
  const auto write =
      comma == std::string::npos ? std::nullopt : parse_descriptor(std::string_view(auth).substr(comma + 1));
  if (!read || !write) {
    return unusable(auth, "expected `fifo:PATH` or `R,W`");
  }
  // A recipe without "+" sees make's flags but not its descriptors: the numbers may be nothing, or anything.
  if (!platform::is_open_pipe(*read, Access::kRead) || !platform::is_open_pipe(*write, Access::kWrite)) {
    return unusable(auth, "these descriptors are not the ends of a pipe (in a makefile, put `+` before the command)");
  }
  // Descriptions of our own: make and others go on as they set the shared ones.
  auto own_read = platform::reopen_pipe(*read, Access::kRead);
  auto own_write = platform::reopen_pipe(*write, Access::kWrite);
  if (!own_read || !own_write) {
    return unusable(auth, sentence(own_read ? own_write.error() : own_read.error()));
  }
  connection.read = *std::move(own_read);
  connection.write = *std::move(own_write);
  connection.inherited = {*read, *write};
  return connection;
}

Result<Jobserver::Connection> Jobserver::serve(unsigned slots) {
  Connection connection;
  PCARGO_ASSIGN(connection.pool, platform::make_pipe());
  PCARGO_ASSIGN(connection.returns, platform::make_pipe());
  const int read = connection.pool.read_end.get();
  const int write = connection.returns.write_end.get();
  PCARGO_ASSIGN(connection.read, platform::reopen_pipe(read, Access::kRead));
  PCARGO_ASSIGN(connection.write, platform::reopen_pipe(connection.pool.write_end.get(), Access::kWrite));
  connection.auth = std::to_string(read) + "," + std::to_string(write);
  connection.inherited = {read, write};
  // cargo puts one in for each slot and takes one out for itself; its bytes are '|' too. What a pipe cannot hold (64
  // Ki) is left out: nobody has so many processors.
  platform::write_available(connection.write.get(), std::string(std::max(slots, 1U) - 1, '|'));
  return connection;
}

Result<std::unique_ptr<Jobserver>> Jobserver::open(
    platform::EventLoop& loop, const Environment& environment, unsigned slots, OnGranted on_granted, unsigned most) {
  std::optional<std::string> warning;
  if (const auto auth = auth_in(environment)) {
    auto connection = connect(*auth);
    if (connection) {
      std::unique_ptr<Jobserver> client(new Jobserver(loop, *std::move(connection), std::move(on_granted)));
      client->most_ = static_cast<int>(std::max(most, 1U) - 1);
      return client;
    }
    warning = sentence(connection.error());
  }
  auto connection = serve(slots);
  if (!connection) {
    return std::move(connection).error().context("failed to create jobserver");
  }
  std::unique_ptr<Jobserver> server(new Jobserver(loop, *std::move(connection), std::move(on_granted)));
  server->most_ = static_cast<int>(std::max(std::min(slots, most), 1U) - 1);
  server->warning_ = std::move(warning);
  return server;
}

bool Jobserver::is_inherited(const Environment& environment) {
  const auto auth = auth_in(environment);
  return auth && connect(*auth);
}

Jobserver::Jobserver(platform::EventLoop& loop, Connection connection, OnGranted on_granted)
    : loop_(loop),
      on_granted_(std::move(on_granted)),
      auth_(std::move(connection.auth)),
      inherited_(std::move(connection.inherited)),
      pool_(std::move(connection.pool)),
      returns_(std::move(connection.returns)),
      read_(std::move(connection.read)),
      write_(std::move(connection.write)),
      client_(connection.client) {
  if (!client_) {
    returns_watcher_.emplace(loop_, returns_.read_end.get(), [this] { take_returned(); });
  }
}

Jobserver::~Jobserver() {
  want(0);
  while (held() > 0) {
    give_back();
  }
}

void Jobserver::want(int count) {
  wanted_ = std::max(count, 0);
  watch();
}

void Jobserver::watch() {
  if (wanted_ == 0 || held() >= most_) {
    watcher_.reset();
  } else if (!watcher_) {
    watcher_.emplace(loop_, read_.get(), [this] { take_available(); });
  }
}

void Jobserver::take_available() {
  // Somebody else may have been faster: then this reads nothing, and we go on waiting.
  std::string bytes(static_cast<std::size_t>(std::min({wanted_, most_ - held(), 4096})), ' ');
  bytes.resize(platform::read_available(read_.get(), bytes.data(), bytes.size()));
  take(bytes);
}

/// What children gave back is ours as long as something waits for it, and theirs again otherwise.
void Jobserver::take_returned() {
  std::string bytes(4096, ' ');
  bytes.resize(platform::read_available(returns_.read_end.get(), bytes.data(), bytes.size()));
  const auto ours = std::min(bytes.size(), static_cast<std::size_t>(std::max(std::min(wanted_, most_ - held()), 0)));
  platform::write_available(write_.get(), std::string_view(bytes).substr(ours));
  take(std::string_view(bytes).substr(0, ours));
}

void Jobserver::take(std::string_view tokens) {
  if (tokens.empty()) {
    return;
  }
  tokens_.insert(tokens_.end(), tokens.begin(), tokens.end());
  const int granted = static_cast<int>(tokens.size());
  want(wanted_ - granted);
  on_granted_(granted);
}

void Jobserver::give_back() {
  PCARGO_CHECK(!tokens_.empty());
  const char byte = tokens_.back();
  tokens_.pop_back();
  // Fails only if somebody filled the pipe with bytes of their own (rust-lang/cargo#9739): then there are tokens
  // enough.
  platform::write_available(write_ ? write_.get() : read_.get(), std::string_view(&byte, 1));
  watch();
}

std::string Jobserver::environment_value() const {
  return "-j --jobserver-fds=" + auth_ + " --jobserver-auth=" + auth_;
}

}  // namespace pcargo::execute
