// SPDX-License-Identifier: MIT OR Apache-2.0
// From the simulator's time to the clock's. The simulator lets each unit take the time that the processor worked for
// it. The clock shows more: cores did something else too, and each process costs some milliseconds that are nobody's
// work. Both grow with what there is to do, so a simulated time is multiplied by what the clock showed of this very
// build over what the simulator has for it; planning, and what came behind the last unit, stay as they were. So the
// answer to "the same build" is what was measured. A build that did not end well is not calibrated: of its last units
// nobody knows what they would have taken.
#pragma once

#include "record/timeline.h"

#include <cstdint>
#include <optional>

namespace pcargo::report {

class Calibration {
 public:
  /// `simulated`: the build as it was, from its first unit's start to the last one's end, in nanoseconds.
  Calibration(const record::Timeline& timeline, std::int64_t simulated);

  record::Microseconds simulated_wall() const;  ///< of the build as it was
  record::Microseconds wall(std::int64_t makespan) const;

  /// What an answer may be off by, as a share of it: the largest of what hardly any recorded build exceeded, of
  /// what the simulator is off by for this build itself, for who knows whether that would be the same elsewhere, and of
  /// `usual`, what predictions of such builds were off by here (report/prediction_check.h).
  double expected_error(std::optional<double> usual) const;

 private:
  record::Microseconds around_ = 0;  ///< planning, and behind the last unit
  record::Microseconds measured_ = 0;
  std::int64_t simulated_ = 0;
  double slower_ = 1;  ///< the clock than the simulator
};

}  // namespace pcargo::report
