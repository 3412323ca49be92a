// SPDX-License-Identifier: MIT OR Apache-2.0
// By what a run is found again in the history: the very same unit on such a machine, or the same crate built in another
// way. A key never names a place, so another checkout of the same sources finds the same runs.
#pragma once

#include "plan/build_plan.h"

#include <cstdint>
#include <string>

namespace pcargo::record {

struct UnitKey {
  std::string package;
  std::string version;
  std::string target;     ///< "lib", "build-script", or kind and name where a package can have many: "bin rg"
  std::string mode;       ///< cargo's word; "check-test" for a check of unit tests
  std::string opt_level;  ///< as the profile has it
  /// All of the above, and whatever else of profile, features, platform, compiler and machine makes another time of it.
  std::int64_t variant = 0;

  /// Levels that cost about the same: nothing is optimized, or something is. A class tells kin from closer kin.
  bool is_optimized() const { return opt_level != "0"; }
};

/// `machine`: platform::processor_name(), or whatever else tells machines of another speed apart.
UnitKey unit_key(const plan::BuildPlan& plan, UnitId unit, const std::string& machine);

}  // namespace pcargo::record
