// SPDX-License-Identifier: MIT OR Apache-2.0
// A directory that is of use for a moment: it goes with its object, all below it included. Where the process was killed
// the next one to make one of the same name there removes it: as long as its owner lives the kernel holds a lock on it.
#pragma once

#include "base/result.h"
#include "platform/descriptor.h"

#include <string>
#include <utility>

namespace pcargo::platform {

class ScratchDirectory {
 public:
  /// Below `parent`, called `name` and something that nobody else has; closed to others.
  static Result<ScratchDirectory> make(const std::string& parent, const std::string& name);

  ScratchDirectory(ScratchDirectory&& other) noexcept
      : path_(std::exchange(other.path_, {})), lock_(std::move(other.lock_)) {}
  ScratchDirectory& operator=(ScratchDirectory&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(lock_, other.lock_);
    return *this;
  }
  ~ScratchDirectory();

  const std::string& path() const { return path_; }

 private:
  ScratchDirectory(std::string path, Descriptor lock) : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;
  Descriptor lock_;
};

}  // namespace pcargo::platform
