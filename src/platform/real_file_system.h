// SPDX-License-Identifier: MIT OR Apache-2.0
// The FileSystem door with this machine's files behind it.
#pragma once

#include "base/file_system.h"

namespace pcargo::platform {

class RealFileSystem final : public FileSystem {
 public:
  Result<std::optional<std::string>> read(const std::string& path) const override;
  FileKind kind(const std::string& path) const override;
  std::vector<std::string> list(const std::string& directory) const override;
};

}  // namespace pcargo::platform
