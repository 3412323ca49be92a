// SPDX-License-Identifier: MIT OR Apache-2.0
// `pcargo timings --what-if`: words that change a build, and how long it would take then, by the clock of the machine
// as it was (report/calibration.h), with what that may be off by. Pure: a journal in, text out.
#pragma once

#include "base/result.h"
#include "record/timeline.h"

#include <optional>
#include <string>
#include <vector>

namespace pcargo::report {

struct WhatIf {
  std::string change;
  int cores = 0;
  record::Microseconds wall = 0;
  double expected_error = 0;  ///< as a share of it
};

struct WhatIfs {
  std::vector<WhatIf> answers;
  record::Microseconds simulated = 0;  ///< the build as it was
};

/// A question is like "cores=8", "cores=2..64", "memory=8G", "late-link=never|auto", "cached=deps", "serde_derive=0",
/// "app=50%", "app=1.5s", "drop openssl-sys", "split app 3"; joined by commas they hold together, in their order. A
/// crate's name is a package's, with `@` and a version if need be: all its units. Fails on what it does not know, with
/// what is written like it. `usual_error`: of predictions of such builds (report/prediction_check.h).
Result<WhatIfs> what_if(const record::Timeline& timeline,
                        const std::vector<std::string>& questions,
                        std::optional<double> usual_error);

std::string what_if_as_text(const record::Timeline& timeline, const WhatIfs& what_ifs);

}  // namespace pcargo::report
