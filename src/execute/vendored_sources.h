// SPDX-License-Identifier: MIT OR Apache-2.0
// Before anything of a vendored package is built its files must be those that `cargo vendor` put there. Cargo looks
// when a unit is not fresh; so does this.
#pragma once

#include "plan/build_plan.h"

namespace pcargo::execute {

class VendoredSources {
 public:
  explicit VendoredSources(const plan::BuildPlan& plan) : plan_(plan), is_looked_at_(plan.packages().size(), 0) {}

  /// The package of `unit`, once a build; an error in cargo's words.
  Result<void> confirm(UnitId unit);

 private:
  const plan::BuildPlan& plan_;
  IdMap<cargo::PackageId, char> is_looked_at_;
};

}  // namespace pcargo::execute
