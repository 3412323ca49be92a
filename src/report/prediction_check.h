// SPDX-License-Identifier: MIT OR Apache-2.0
// `pcargo timings --check`: a build held against what was expected of it. The prediction is made of what its journal
// says each unit was expected to take, which was written before anything ran; which units had to run nobody knew by
// then, so that is taken from the build. Beside it stands what --what-if was asked for before the build. Pure: journals
// in, text out.
#pragma once

#include "record/asked.h"
#include "record/timeline.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::report {

struct PredictionCheck {
  record::Microseconds predicted = 0;
  record::Microseconds measured = 0;
  /// The same simulation, with what the units took then: what it differs by from the prediction is the units', what the
  /// build differs by from it is not.
  record::Microseconds with_true_times = 0;

  struct Unit {
    UnitId unit;
    record::Microseconds expected = 0;  ///< of one core
    record::Microseconds took = 0;      ///< the same
  };
  std::vector<Unit> units;  ///< that took another time than expected, the largest difference first

  std::size_t known_units = 0;   ///< that had been built here before
  std::size_t known_crates = 0;  ///< of which another variant had
  std::size_t unknown = 0;       ///< of which the prior spoke alone
  double known_share = 0;        ///< of all work: that of the known units

  double error() const;  ///< of the prediction, as a share of what was measured
};

/// nullopt: the build did not end well, ran nothing, or its journal holds no prediction.
std::optional<PredictionCheck> check_prediction(const record::Timeline& timeline);

/// How far off predictions of this build might be, going by those that were held against builds: the middle one.
/// Counted are builds that knew nearly all their units and were at least half as long. nullopt: there are none.
std::optional<double> usual_error(const std::vector<PredictionCheck>& checks, record::Microseconds wall);

/// Those that were asked for before this build had ended and after the one before it had (`earlier_end`, milliseconds
/// since 1970), for as many cores as it had. Whether what they ask for was done, who asked knows.
std::vector<record::AskedAnswer> answers_for(const record::Timeline& timeline,
                                             std::int64_t earlier_end,
                                             const std::vector<record::AskedAnswer>& asked);

/// `asked`: by somebody, before the build. `earlier`: checks of other builds.
std::string check_as_text(const record::Timeline& timeline,
                          const PredictionCheck& check,
                          std::string_view when,
                          const std::vector<record::AskedAnswer>& asked,
                          const std::vector<PredictionCheck>& earlier);

}  // namespace pcargo::report
