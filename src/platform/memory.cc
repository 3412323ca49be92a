// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/memory.h"

#include "platform/control_group.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::platform {
namespace {

using Bytes = std::optional<std::uint64_t>;

Bytes smaller(Bytes a, Bytes b) {
  return a && b ? std::min(a, b) : a ? a : b;
}

Bytes number_in(const FileSystem& files, const std::string& path) {
  const std::string text = read_or_empty(files, path);
  return parse_number(std::string_view(text).substr(0, text.find('\n')));
}

/// "Name:   123 kB"
Bytes field(std::string_view text, std::string_view name) {
  for (std::string_view line : split(text, '\n')) {
    if (line.substr(0, name.size()) != name || line.substr(name.size(), 1) != ":") {
      continue;
    }
    line.remove_prefix(std::min(line.find_first_of("0123456789"), line.size()));
    const auto kibibytes = parse_number(line.substr(0, line.find(' ')));
    return kibibytes ? Bytes(*kibibytes << 10U) : std::nullopt;
  }
  return std::nullopt;
}

/// Files that nobody has used lately are given up first, so they do not count as used.
Bytes left_in(const FileSystem& files, const ControlGroup& group, const std::string& directory) {
  const bool is_2 = group.is_version_2;
  const Bytes limit =
      is_2 ? smaller(number_in(files, directory + "/memory.max"), number_in(files, directory + "/memory.high"))
           : number_in(files, directory + "/memory.limit_in_bytes");
  const Bytes used = number_in(files, directory + (is_2 ? "/memory.current" : "/memory.usage_in_bytes"));
  if (!limit || !used) {
    return std::nullopt;
  }
  const Bytes unused_files =
      number_of(read_or_empty(files, directory + "/memory.stat"), is_2 ? "inactive_file" : "total_inactive_file");
  const std::uint64_t taken = *used - std::min(*used, unused_files.value_or(0));
  return *limit - std::min(*limit, taken);
}

}  // namespace

std::optional<std::uint64_t> available_memory(const FileSystem& files) {
  Bytes left = field(read_or_empty(files, "/proc/meminfo"), "MemAvailable");
  const auto group = control_group(files, "memory");
  for (const auto& directory : group ? group->directories : std::vector<std::string>()) {
    left = smaller(left, left_in(files, *group, directory));
  }
  return left;
}

std::optional<std::uint64_t> memory_kills(const FileSystem& files) {
  if (const auto group = control_group(files, "memory")) {
    const char* file = group->is_version_2 ? "/memory.events" : "/memory.oom_control";
    if (const auto kills = number_of(read_or_empty(files, group->directories.front() + file), "oom_kill")) {
      return kills;
    }
  }
  return number_of(read_or_empty(files, "/proc/vmstat"), "oom_kill");
}

std::optional<ProcessMemory> process_memory(const FileSystem& files, int pid) {
  const std::string status = read_or_empty(files, "/proc/" + std::to_string(pid) + "/status");
  const auto now = field(status, "VmRSS");
  const auto peak = field(status, "VmHWM");
  if (!now || !peak) {
    return std::nullopt;
  }
  return ProcessMemory{static_cast<std::int64_t>(*now), static_cast<std::int64_t>(*peak)};
}

}  // namespace pcargo::platform
