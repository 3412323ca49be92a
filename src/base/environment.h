// SPDX-License-Identifier: MIT OR Apache-2.0
// A process environment as a value: ordered, so that everything made from it is the same on every run.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo {

class Environment {
 public:
  Environment() = default;

  /// From `environ`-like "K=V" strings; entries without '=' are dropped, the first of two equal names wins (as getenv).
  static Environment from_block(const char* const* block);

  std::optional<std::string> get(std::string_view name) const {
    auto found = variables_.find(name);
    if (found == variables_.end()) {
      return std::nullopt;
    }
    return found->second;
  }
  bool contains(std::string_view name) const { return variables_.find(name) != variables_.end(); }

  void set(std::string name, std::string value) { variables_.insert_or_assign(std::move(name), std::move(value)); }
  void remove(std::string_view name) {
    if (auto found = variables_.find(name); found != variables_.end()) {
      variables_.erase(found);
    }
  }

  /// "K=V" strings, ordered by name.
  std::vector<std::string> to_block() const;

  auto begin() const { return variables_.begin(); }
  auto end() const { return variables_.end(); }

 private:
  std::map<std::string, std::string, std::less<>> variables_;
};

}  // namespace pcargo
