// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/memory_kill.h"

#include <algorithm>
#include <array>
#include <csignal>

namespace pcargo::execute {

namespace {

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

bool tells_of_no_memory(std::string_view line) {
  // rustc tells what became of its linker (`signal: 9`), gcc what became of ld, and ld what it did not get.
  static constexpr std::array<std::string_view, 6> kOfLinkers = {"signal: 9 (SIGKILL)",
                                                                 "terminated with signal 9",
                                                                 "out of memory",
                                                                 "memory exhausted",
                                                                 "Cannot allocate memory",
                                                                 "std::bad_alloc"};
  if (has(line, "\"level\":\"error")) {
    return has(line, "linking with `") &&
           std::any_of(kOfLinkers.begin(), kOfLinkers.end(), [line](auto words) { return has(line, words); });
  }
  // Rust's own words, and LLVM's; JSON is what the source may have made rustc say.
  return line.substr(0, 1) != "{" &&
         ((has(line, "memory allocation of ") && has(line, " bytes failed")) || has(line, "LLVM ERROR: out of memory"));
}

bool may_be_killed_for_memory(const platform::ExitStatus& status, bool told) {
  return !status.success() && (status.signal == SIGKILL || told);
}

std::string describe_memory_kill(const platform::ExitStatus& status, bool is_counted) {
  if (is_counted) {
    return "was killed by the system, which had no memory left";
  }
  return status.signal == SIGKILL ? "was killed, as the system does when memory is short" : "ran out of memory";
}

}  // namespace pcargo::execute
