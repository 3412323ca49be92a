// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/environment.h"

namespace pcargo {

Environment Environment::from_block(const char* const* block) {
  Environment environment;
  for (; block != nullptr && *block != nullptr; ++block) {
    std::string_view entry(*block);
    // A name may not be empty, but may begin with '=' on some systems; search from the second byte.
    auto equals = entry.find('=', 1);
    if (equals != std::string_view::npos) {
      environment.variables_.emplace(entry.substr(0, equals), entry.substr(equals + 1));
    }
  }
  return environment;
}

std::vector<std::string> Environment::to_block() const {
  std::vector<std::string> block;
  block.reserve(variables_.size());
  for (const auto& [name, value] : variables_) {
    block.push_back(name + "=" + value);
  }
  return block;
}

}  // namespace pcargo
