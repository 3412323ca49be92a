// SPDX-License-Identifier: MIT OR Apache-2.0
#include "messages.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace pcargo::fake_rustc {
namespace {

std::string diagnostic(const std::string& level, const std::string& message) {
  return "{\"$message_type\":\"diagnostic\",\"message\":" + json_quoted(message) + ",\"code\":null,\"level\":\"" +
         level + "\",\"spans\":[],\"children\":[],\"rendered\":" + json_quoted(level + ": " + message + "\n\n") + "}";
}

}  // namespace

std::string json_quoted(const std::string& text) {
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof(escape), "\\u%04x", static_cast<unsigned>(c));
      quoted += escape;
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string artifact_notice(const std::string& path, const std::string& emit) {
  return "{\"$message_type\":\"artifact\",\"artifact\":" + json_quoted(path) + ",\"emit\":\"" + emit + "\"}";
}

std::string error_diagnostic(const std::string& message) {
  return diagnostic("error", message);
}

std::string warning_diagnostic(const std::string& message) {
  return diagnostic("warning", message);
}

void say(const std::string& bytes) {
  for (std::size_t written = 0; written < bytes.size();) {
    ssize_t count = write(STDERR_FILENO, bytes.data() + written, bytes.size() - written);
    if (count < 0 && errno != EINTR) {
      std::exit(1);  // nobody listens
    }
    written += count > 0 ? static_cast<std::size_t>(count) : 0;
  }
}

void say_line(const std::string& line) {
  say(line + "\n");
}

void say_byte_by_byte(const std::string& bytes) {
  for (char byte : bytes) {
    say(std::string(1, byte));
  }
}

}  // namespace pcargo::fake_rustc
