// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/control_group.h"

#include "base/path.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace pcargo::platform {

namespace {

struct Group {
  std::string path;  // below the mount point, without a slash in front
  bool version_2 = false;
};

/// Lines are "id:controllers:path", without controllers for version 2. A version 1 group that has the controller goes
/// before it.
std::optional<Group> our_group(const FileSystem& files, std::string_view controller) {
  std::optional<Group> group;
  const std::string text = read_or_empty(files, "/proc/self/cgroup");
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) {
      continue;
    }
    const auto controllers = split(line.substr(first + 1, second - first - 1), ',');
    const bool version_2 = controllers.size() == 1 && controllers[0].empty();
    const bool version_1 = std::find(controllers.begin(), controllers.end(), controller) != controllers.end();
    if ((version_2 && !group) || version_1) {
      std::string_view path = line.substr(second + 1);
      path.remove_prefix(std::min<std::size_t>(path.size(), 1));
      group = Group{std::string(path), version_2};
    }
  }
  return group;
}

/// A group and those above it, up to the mount point.
std::vector<std::string> upwards(const std::string& mount, const std::string& group) {
  std::vector<std::string> directories;
  std::string directory = path::normalize(path::join(mount, group));
  while (path::is_within(directory, mount)) {
    directories.push_back(directory);
    directory = path::parent(directory);
  }
  return directories;
}

/// Where a version 1 hierarchy with the controller is mounted, and our group's path below that mount.
std::optional<std::pair<std::string, std::string>> find_mount(const FileSystem& files,
                                                              const std::string& group,
                                                              std::string_view controller) {
  const std::string text = read_or_empty(files, "/proc/self/mountinfo");
  for (const std::string_view line : split(text, '\n')) {
    const auto words = split(line, ' ');
    const auto dash = std::find(words.begin(), words.end(), "-");
    if (words.size() < 5 || words.end() - dash < 4 || dash[1] != "cgroup") {
      continue;
    }
    const auto options = split(dash[3], ',');
    const std::string_view root = words[3];
    const std::string absolute_group = "/" + group;
    if (std::find(options.begin(), options.end(), controller) != options.end() &&
        path::is_within(absolute_group, root)) {
      const auto below = path::strip_prefix(absolute_group, root);
      return std::pair(std::string(words[4]), std::string(below.value_or("")));
    }
  }
  return std::nullopt;
}

}  // namespace

std::string read_or_empty(const FileSystem& files, const std::string& path) {
  auto text = files.read(path);
  return text && *text ? std::move(**text) : std::string();
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t end = text.find(separator); end != std::string_view::npos; end = text.find(separator)) {
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  parts.push_back(text);
  return parts;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

std::optional<std::uint64_t> number_of(std::string_view text, std::string_view name) {
  for (const std::string_view line : split(text, '\n')) {
    const auto words = split(line, ' ');
    if (words.size() == 2 && words[0] == name) {
      return parse_number(words[1]);
    }
  }
  return std::nullopt;
}

std::optional<ControlGroup> control_group(const FileSystem& files, std::string_view controller) {
  const auto group = our_group(files, controller);
  if (!group) {
    return std::nullopt;
  }
  if (group->version_2) {
    const std::string mount = "/sys/fs/cgroup";
    if (files.kind(path::join(path::join(mount, group->path), "cgroup.controllers")) == FileKind::kNone) {
      return std::nullopt;
    }
    return ControlGroup{true, upwards(mount, group->path)};
  }
  std::vector<std::pair<std::string, std::string>> mounts = {{"/sys/fs/cgroup/" + std::string(controller), group->path},
                                                             {"/sys/fs/cgroup/cpu,cpuacct", group->path}};
  if (controller != "cpu") {
    mounts.pop_back();
  }
  if (auto found = find_mount(files, group->path, controller)) {
    mounts.push_back(*std::move(found));
  }
  for (const auto& [mount, below] : mounts) {
    if (files.kind(path::join(mount, below)) != FileKind::kNone) {
      return ControlGroup{false, upwards(mount, below)};
    }
  }
  return std::nullopt;
}

}  // namespace pcargo::platform
