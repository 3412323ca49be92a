// SPDX-License-Identifier: MIT OR Apache-2.0
// Is the compiler still the one that the plan asked who it is? An update in mid-build would leave results of the new
// compiler under the name of the old one. Looks at stamps only: what the compiler says was asked when planning.
#pragma once

#include "plan/settings.h"
#include "platform/file_stamp.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pcargo::freshness {

class ToolchainWatch {
 public:
  explicit ToolchainWatch(const plan::Settings& settings);

  /// The file that is another one now.
  std::optional<std::string> changed() const;

 private:
  std::vector<std::pair<std::string, platform::FileStamp>> programs_;
};

}  // namespace pcargo::freshness
