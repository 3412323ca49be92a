// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/cpu_quota.h"

#include "platform/control_group.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace pcargo::platform {
namespace {

using Quota = std::optional<std::size_t>;

Quota smaller(Quota a, Quota b) {
  return a && b ? std::min(a, b) : a ? a : b;
}

Quota ratio(Quota limit, Quota period) {
  return limit && period && *period > 0 ? Quota(*limit / *period) : std::nullopt;
}

Quota quota_v2(const FileSystem& files, const std::string& directory) {
  // "max 100000" or "150000 100000"
  const std::string text = read_or_empty(files, directory + "/cpu.max");
  const auto words = split(std::string_view(text).substr(0, text.find('\n')), ' ');
  return words.size() >= 2 ? ratio(parse_number(words[0]), parse_number(words[1])) : std::nullopt;
}

Quota quota_v1(const FileSystem& files, const std::string& directory) {
  const auto number_in = [&](const char* name) {
    std::string text = read_or_empty(files, directory + name);
    text.erase(std::remove(text.begin(), text.end(), '\n'), text.end());
    return parse_number(text);
  };
  return ratio(number_in("/cpu.cfs_quota_us"), number_in("/cpu.cfs_period_us"));
}

}  // namespace

std::optional<std::size_t> cpu_quota(const FileSystem& files) {
  const auto group = control_group(files, "cpu");
  Quota quota;
  for (const auto& directory : group ? group->directories : std::vector<std::string>()) {
    quota = smaller(quota, group->is_version_2 ? quota_v2(files, directory) : quota_v1(files, directory));
  }
  return quota;
}

}  // namespace pcargo::platform
