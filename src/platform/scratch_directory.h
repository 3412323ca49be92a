// SPDX-License-Identifier: MIT OR Apache-2.0
// A directory that is of use for a moment: it goes with its object, all below it included.
#pragma once

#include "base/result.h"

#include <string>
#include <utility>

namespace pcargo::platform {

class ScratchDirectory {
 public:
  /// Below `parent`, called `name` and something that nobody else has; closed to others.
  static Result<ScratchDirectory> make(const std::string& parent, const std::string& name);

  ScratchDirectory(ScratchDirectory&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ScratchDirectory& operator=(ScratchDirectory&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
  }
  ~ScratchDirectory();

  const std::string& path() const { return path_; }

 private:
  explicit ScratchDirectory(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

}  // namespace pcargo::platform
