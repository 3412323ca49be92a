// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/calibration.h"

#include "report/timings_simulation.h"

#include <algorithm>
#include <cmath>

namespace pcargo::report {

namespace {

/// Hardly any prediction of a recorded build was further off (`tests/bench/predictions.py replay`).
constexpr double kUsualError = 0.03;

}  // namespace

Calibration::Calibration(const record::Timeline& timeline, std::int64_t simulated)
    : around_(timeline.head.planned + tail_of(timeline)), measured_(timeline.end), simulated_(simulated) {
  if (timeline.is_whole && timeline.outcome == Outcome::kSuccess && simulated > 0 && measured_ > around_) {
    slower_ = static_cast<double>(measured_ - around_) * 1000 / static_cast<double>(simulated);
  }
}

record::Microseconds Calibration::simulated_wall() const {
  return around_ + simulated_ / 1000;
}

record::Microseconds Calibration::wall(std::int64_t makespan) const {
  return around_ + std::llround(slower_ * static_cast<double>(makespan) / 1000);
}

double Calibration::expected_error(std::optional<double> usual) const {
  const double own = std::abs(static_cast<double>(simulated_wall() - measured_)) /
                     static_cast<double>(std::max<record::Microseconds>(measured_, 1));
  return std::max({kUsualError, own, usual.value_or(0)});
}

}  // namespace pcargo::report
