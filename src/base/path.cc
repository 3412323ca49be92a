// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/path.h"

#include <vector>

namespace pcargo::path {

bool is_absolute(std::string_view path) {
  return !path.empty() && path.front() == '/';
}

std::string join(std::string_view base, std::string_view path) {
  if (is_absolute(path) || base.empty()) {
    return std::string(path);
  }
  if (path.empty()) {
    return std::string(base);
  }
  std::string joined(base);
  if (joined.back() != '/') {
    joined += '/';
  }
  joined += path;
  return joined;
}

std::string_view parent(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') {
    path.remove_suffix(1);
  }
  auto slash = path.rfind('/');
  if (slash == std::string_view::npos) {
    return {};
  }
  return slash == 0 ? path.substr(0, 1) : path.substr(0, slash);
}

std::string_view file_name(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') {
    path.remove_suffix(1);
  }
  auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view file_stem(std::string_view path) {
  auto name = file_name(path);
  auto dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
}

std::string normalize(std::string_view path) {
  const bool absolute = is_absolute(path);
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    auto slash = path.find('/');
    auto part = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    if (part.empty() || part == ".") {
      continue;
    }
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (part != ".." || !absolute) {
      parts.push_back(part);
    }
  }
  std::string result = absolute ? "/" : "";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    result += i == 0 ? "" : "/";
    result += parts[i];
  }
  return result;
}

bool is_within(std::string_view path, std::string_view directory) {
  while (directory.size() > 1 && directory.back() == '/') {
    directory.remove_suffix(1);
  }
  return path.substr(0, directory.size()) == directory &&
         (path.size() == directory.size() || directory == "/" || path[directory.size()] == '/');
}

std::optional<std::string_view> strip_prefix(std::string_view path, std::string_view directory) {
  if (!is_within(path, directory)) {
    return std::nullopt;
  }
  path.remove_prefix(directory.size());
  while (!path.empty() && path.front() == '/') {
    path.remove_prefix(1);
  }
  return path;
}

}  // namespace pcargo::path
