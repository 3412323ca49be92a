// SPDX-License-Identifier: MIT OR Apache-2.0
// A file system that remembers what was asked of it. What we read to plan, cargo reads too: config files and the places
// where one could appear, manifests, rustup's settings.
#pragma once

#include "base/file_system.h"
#include "prepare/plan_inputs.h"

#include <string>
#include <vector>

namespace pcargo::prepare {

class RecordingFiles final : public FileSystem {
 public:
  /// Both outlive it.
  RecordingFiles(const FileSystem& files, PlanInputs* inputs) : files_(files), inputs_(inputs) {}

  Result<std::optional<std::string>> read(const std::string& path) const override {
    inputs_->add(PlanInput::How::kContents, path);
    return files_.read(path);
  }
  FileKind kind(const std::string& path) const override {
    inputs_->add(PlanInput::How::kKind, path);
    return files_.kind(path);
  }
  std::vector<std::string> list(const std::string& directory) const override {
    inputs_->add(PlanInput::How::kNames, directory);
    return files_.list(directory);
  }

 private:
  const FileSystem& files_;
  PlanInputs* inputs_;
};

}  // namespace pcargo::prepare
