// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/version.h"

#include <algorithm>
#include <charconv>

namespace pcargo::cargo {

namespace {

std::uint64_t take_number(std::string_view* text) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error == std::errc()) {
    text->remove_prefix(static_cast<std::size_t>(end - text->data()));
  }
  if (!text->empty() && text->front() == '.') {
    text->remove_prefix(1);
  }
  return value;
}

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::strong_ordering compare_part(std::string_view left, std::string_view right) {
  if (is_number(left) && is_number(right)) {
    const auto by_size = left.size() <=> right.size();
    return by_size != 0 ? by_size : left <=> right;
  }
  if (is_number(left) != is_number(right)) {
    return is_number(left) ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return left <=> right;
}

/// Dot-separated identifiers, numbers below words; a list that is the beginning of another comes first.
std::strong_ordering compare_identifiers(std::string_view left, std::string_view right) {
  while (!left.empty() && !right.empty()) {
    const auto left_dot = left.find('.');
    const auto right_dot = right.find('.');
    if (auto order = compare_part(left.substr(0, left_dot), right.substr(0, right_dot)); order != 0) {
      return order;
    }
    left = left_dot == std::string_view::npos ? std::string_view() : left.substr(left_dot + 1);
    right = right_dot == std::string_view::npos ? std::string_view() : right.substr(right_dot + 1);
  }
  return left.size() <=> right.size();
}

}  // namespace

Version parse_version(std::string_view text) {
  Version version;
  if (auto plus = text.find('+'); plus != std::string_view::npos) {
    version.build = text.substr(plus + 1);
    text = text.substr(0, plus);
  }
  if (auto dash = text.find('-'); dash != std::string_view::npos) {
    version.pre = text.substr(dash + 1);
    text = text.substr(0, dash);
  }
  version.major = take_number(&text);
  version.minor = take_number(&text);
  version.patch = take_number(&text);
  return version;
}

std::string pre_release_of(std::string_view version) {
  return parse_version(version).pre;
}

std::strong_ordering compare_versions(const Version& left, const Version& right) {
  if (auto order = left.major <=> right.major; order != 0) {
    return order;
  }
  if (auto order = left.minor <=> right.minor; order != 0) {
    return order;
  }
  if (auto order = left.patch <=> right.patch; order != 0) {
    return order;
  }
  if (left.pre.empty() != right.pre.empty()) {
    return left.pre.empty() ? std::strong_ordering::greater : std::strong_ordering::less;
  }
  if (auto order = compare_identifiers(left.pre, right.pre); order != 0) {
    return order;
  }
  return compare_identifiers(left.build, right.build);
}

}  // namespace pcargo::cargo
