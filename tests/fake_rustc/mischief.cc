// SPDX-License-Identifier: MIT OR Apache-2.0
#include "mischief.h"

#include "messages.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace pcargo::fake_rustc {
namespace {

// 10: bytes without a newline, in pieces, so that the compiler itself stays small.
void flood(long bytes) {
  const std::string piece(1 << 16, 'x');
  for (long left = bytes; left > 0; left -= static_cast<long>(piece.size())) {
    say(left < static_cast<long>(piece.size()) ? piece.substr(0, static_cast<std::size_t>(left)) : piece);
  }
}

// 11: things that no JSON reader should fall over.
void say_garbage(const Control& control) {
  if (control.has("long-line")) {
    say_line(warning_diagnostic(std::string(static_cast<std::size_t>(control.number("long-line", 1 << 20)), 'y')));
  }
  if (control.has("deep-json")) {
    auto depth = static_cast<std::size_t>(control.number("deep-json", 100000));
    say_line("{\"$message_type\":\"diagnostic\",\"children\":" + std::string(depth, '[') + std::string(depth, ']') +
             "}");
  }
  if (control.has("nul-bytes")) {
    say_line(std::string("{\"$message_type\":\0\"diagnostic\"}\0\0", 33));
  }
  if (control.has("invalid-utf8")) {
    say_line("{\"$message_type\":\"diagnostic\",\"message\":\"\xff\xfe\",\"rendered\":\"\xc3\x28\"}");
    say_line("\x80\x81 not even JSON");
  }
  if (control.has("garbage")) {
    say_line("}{ this is [ not JSON");
    say_line("{\"$message_type\":42}");
    say_line("{\"$message_type\":\"artifact\"}");
    say_line("[]");
    say_line("null");
  }
}

// 18: the job tokens of the pool that CARGO_MAKEFLAGS names: all are taken and kept, or more come back than went.
void play_with_tokens(const Control& control) {
  const char* flags = std::getenv("CARGO_MAKEFLAGS");
  int from = -1;
  int to = -1;
  if (flags == nullptr) {
    std::exit(2);
  }
  const std::string text = flags;
  const auto place = text.find("--jobserver-auth=");
  if (place == std::string::npos || std::sscanf(text.c_str() + place, "--jobserver-auth=%d,%d", &from, &to) != 2) {
    std::fprintf(stderr, "fake rustc: no jobserver in CARGO_MAKEFLAGS: %s\n", flags);
    std::exit(2);
  }
  char byte = '+';
  if (control.has("grab-tokens")) {
    pollfd readable{from, POLLIN, 0};
    while (poll(&readable, 1, 0) == 1 && read(from, &byte, 1) == 1) {
    }
  }
  for (long left = control.number("give-tokens", 0); left > 0 && write(to, &byte, 1) == 1; --left) {
  }
}

// 19: `edit FILE TEXT` appends a line to a file that is none of ours.
void edit(const std::string& order) {
  const auto space = order.find(' ');
  std::ofstream file(order.substr(0, space), std::ios::app);
  if (!(file << (space == std::string::npos ? "" : order.substr(space + 1)) << "\n" << std::flush)) {
    std::exit(2);
  }
}

// 14: a grandchild in a session of its own that keeps our pipes open until the gate opens.
void leave_daemon(const Control& control) {
  const std::string gate = *control.argument("daemon");
  if (fork() != 0) {
    return;
  }
  setsid();
  wait_for_gate(gate);
  _exit(0);
}

}  // namespace

void announce(const Control& control) {
  auto fifo = control.argument("announce");
  if (!fifo) {
    return;
  }
  int file = open(fifo->c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) {
    std::exit(2);
  }
  dprintf(file, "%d\n", static_cast<int>(getpid()));
  close(file);
}

void wait_for_gate(const std::string& fifo) {
  int file = open(fifo.c_str(), O_RDONLY | O_CLOEXEC);
  char byte = 0;
  while (file >= 0 && read(file, &byte, 1) > 0) {
  }
  close(file);
}

void misbehave_at_start(const Control& control) {
  if (control.has("ignore-sigterm")) {  // 15
    std::signal(SIGTERM, SIG_IGN);
    std::signal(SIGINT, SIG_IGN);
  }
  announce(control);
  if (control.has("flood")) {
    flood(control.number("flood", 1L << 31));
  }
  say_garbage(control);
  if (auto text = control.argument("stdout")) {
    std::printf("%s\n", text->c_str());
    std::fflush(stdout);
  }
  if (auto text = control.argument("byte-by-byte")) {  // 12
    say_byte_by_byte(warning_diagnostic(*text) + "\n");
  }
  if (auto text = control.argument("warn")) {
    say_line(warning_diagnostic(*text));
  }
  if (auto text = control.argument("error")) {
    say_line(error_diagnostic(*text));
    say_line(error_diagnostic("aborting due to 1 previous error"));
    std::exit(1);
  }
  if (control.has("stop")) {  // 16
    raise(SIGSTOP);
  }
  if (auto gate = control.argument("close-pipes")) {  // 13
    int nowhere = open("/dev/null", O_WRONLY);        // the pipes are closed; what follows is said to nobody
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    close(nowhere);
    wait_for_gate(*gate);
  }
  if (auto gate = control.argument("gate")) {
    wait_for_gate(*gate);
  }
  if (control.has("hang") || control.has("ignore-sigterm")) {  // 17, 15
    while (true) {
      pause();
    }
  }
}

void misbehave_at_end(const Control& control) {
  if (auto order = control.argument("edit")) {
    edit(*order);
  }
  if (control.has("grab-tokens") || control.has("give-tokens")) {
    play_with_tokens(control);
  }
  if (control.has("half-line")) {
    say("{\"$message_type\":\"diagnostic\",\"mess");
  }
  if (control.has("daemon")) {
    leave_daemon(control);
  }
}

void die_of(const std::string& signal_name) {
  const int number = signal_name == "SEGV"   ? SIGSEGV
                     : signal_name == "BUS"  ? SIGBUS
                     : signal_name == "TERM" ? SIGTERM
                     : signal_name == "ABRT" ? SIGABRT
                                             : SIGKILL;
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  std::signal(number, SIG_DFL);
  raise(number);
  _exit(2);
}

}  // namespace pcargo::fake_rustc
