// SPDX-License-Identifier: MIT OR Apache-2.0
// Files in a map, for the rooms that read through the FileSystem door.
#pragma once

#include "base/file_system.h"
#include "base/path.h"

#include <map>
#include <set>
#include <string>

namespace pcargo::test {

class MemoryFileSystem : public FileSystem {
 public:
  std::map<std::string, std::string> files;

  Result<std::optional<std::string>> read(const std::string& path) const override {
    auto found = files.find(path);
    if (found == files.end()) {
      return std::optional<std::string>();
    }
    return std::optional<std::string>(found->second);
  }

  FileKind kind(const std::string& path) const override {
    if (files.count(path) != 0) {
      return FileKind::kFile;
    }
    auto below = files.lower_bound(path + "/");
    return below != files.end() && path::is_within(below->first, path) ? FileKind::kDirectory : FileKind::kNone;
  }

  std::vector<std::string> list(const std::string& directory) const override {
    std::set<std::string> names;
    for (const auto& [file, contents] : files) {
      if (auto rest = path::strip_prefix(file, directory); rest && !rest->empty()) {
        names.insert(std::string(rest->substr(0, rest->find('/'))));
      }
    }
    return {names.begin(), names.end()};
  }
};

}  // namespace pcargo::test
