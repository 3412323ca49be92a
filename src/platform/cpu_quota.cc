// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/cpu_quota.h"

#include "base/path.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pcargo::platform {
namespace {

using Quota = std::optional<std::size_t>;

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

Quota parse_number(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? Quota(number) : std::nullopt;
}

Quota smaller(Quota a, Quota b) {
  return a && b ? std::min(a, b) : a ? a : b;
}

Quota ratio(Quota limit, Quota period) {
  return limit && period && *period > 0 ? Quota(*limit / *period) : std::nullopt;
}

struct Group {
  std::string path;  // below the mount point, without a slash in front
  bool version_2 = false;
};

/// Lines are "id:controllers:path", without controllers for version 2. A version 1 group that has "cpu" goes before it.
std::optional<Group> our_group(const FileSystem& files) {
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
    const bool version_1 = std::find(controllers.begin(), controllers.end(), "cpu") != controllers.end();
    if ((version_2 && !group) || version_1) {
      std::string_view path = line.substr(second + 1);
      path.remove_prefix(std::min<std::size_t>(path.size(), 1));
      group = Group{std::string(path), version_2};
    }
  }
  return group;
}

/// The smallest answer of a group and those above it, up to the mount point.
template <class QuotaIn>
Quota smallest_upwards(const std::string& mount, const std::string& group, QuotaIn quota_in) {
  Quota quota;
  std::string directory = path::normalize(path::join(mount, group));
  while (path::is_within(directory, mount)) {
    quota = smaller(quota, quota_in(directory));
    directory = path::parent(directory);
  }
  return quota;
}

Quota quota_v2(const FileSystem& files, const std::string& group) {
  const std::string mount = "/sys/fs/cgroup";
  if (files.kind(path::join(path::join(mount, group), "cgroup.controllers")) == FileKind::kNone) {
    return std::nullopt;
  }
  return smallest_upwards(mount, group, [&](const std::string& directory) -> Quota {
    // "max 100000" or "150000 100000"
    const std::string text = read_or_empty(files, directory + "/cpu.max");
    const auto words = split(std::string_view(text).substr(0, text.find('\n')), ' ');
    return words.size() >= 2 ? ratio(parse_number(words[0]), parse_number(words[1])) : std::nullopt;
  });
}

/// Where a version 1 hierarchy with "cpu" is mounted, and our group's path below that mount.
std::optional<std::pair<std::string, std::string>> find_mount(const FileSystem& files, const std::string& group) {
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
    if (std::find(options.begin(), options.end(), "cpu") != options.end() && path::is_within(absolute_group, root)) {
      const auto below = path::strip_prefix(absolute_group, root);
      return std::pair(std::string(words[4]), std::string(below.value_or("")));
    }
  }
  return std::nullopt;
}

Quota quota_v1(const FileSystem& files, const std::string& group) {
  std::vector<std::pair<std::string, std::string>> mounts = {{"/sys/fs/cgroup/cpu", group},
                                                             {"/sys/fs/cgroup/cpu,cpuacct", group}};
  if (auto found = find_mount(files, group)) {
    mounts.push_back(*std::move(found));
  }
  for (const auto& [mount, below] : mounts) {
    if (files.kind(path::join(mount, below)) == FileKind::kNone) {
      continue;
    }
    return smallest_upwards(mount, below, [&](const std::string& directory) -> Quota {
      const auto number_in = [&](const char* name) {
        std::string text = read_or_empty(files, directory + name);
        text.erase(std::remove(text.begin(), text.end(), '\n'), text.end());
        return parse_number(text);  // -1 for "no limit" is no number here
      };
      return ratio(number_in("/cpu.cfs_quota_us"), number_in("/cpu.cfs_period_us"));
    });
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> cpu_quota(const FileSystem& files) {
  const auto group = our_group(files);
  if (!group) {
    return std::nullopt;
  }
  return group->version_2 ? quota_v2(files, group->path) : quota_v1(files, group->path);
}

}  // namespace pcargo::platform
