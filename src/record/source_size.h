// SPDX-License-Identifier: MIT OR Apache-2.0
// About how much source a unit compiles, in kibibytes of packed text, as cheaply as it can be known: a package of a
// registry lies packed in cargo's cache, so one look tells. Reading all sources' sizes would take 100 ms of a build of
// 500 packages.
#pragma once

#include "plan/build_plan.h"

namespace pcargo::record {

class SourceSizes {
 public:
  explicit SourceSizes(const plan::BuildPlan& plan) : plan_(plan), packages_(plan.packages().size(), kNotKnown) {}

  /// Never 0. What cannot be known, or only at length, gets what is usual.
  double kibibytes(UnitId unit);

 private:
  static constexpr double kNotKnown = 0;

  double of_package(cargo::PackageId package);
  double of_directory(const std::string& directory);

  const plan::BuildPlan& plan_;
  IdMap<cargo::PackageId, double> packages_;
  std::uint64_t entries_left_ = 4000;  ///< that may still be looked at in source directories
};

}  // namespace pcargo::record
