// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/gap.h"

#include "report/timings_simulation.h"

namespace pcargo::report {

using graph::PathStep;
using record::Microseconds;

std::vector<GapPart> gap_of(const record::Timeline& timeline,
                            const std::vector<PathStep>& path,
                            const IdealWalls& ideal) {
  Microseconds metadata = 0;
  Microseconds starts = 0;
  Microseconds gates = 0;
  for (const PathStep& step : path) {
    const auto& unit = timeline.units[step.unit];
    if (step.waited == PathStep::Waited::kForItself) {
      continue;
    }
    if (step.phase == graph::Phase::kLink) {
      gates += unit.link.value_or(step.begin) - step.begin;
    } else if (step.phase == graph::Phase::kFrontend) {
      (step.waited == PathStep::Waited::kForMetadata ? metadata : starts) +=
          unit.start.value_or(step.begin) - step.begin;
    }
  }
  std::vector<GapPart> parts{
      {"planning", "planning", timeline.head.planned - timeline.head.locked},
      {"lock", "another build in this directory", timeline.head.locked},
      {"order", "the order of the units", ideal.ordered - ideal.bound},
      {"memory", "units waited for memory", ideal.in_memory - ideal.ordered},
      {"slowness", "units waited for a core or the disk while they ran", ideal.slowed - ideal.ordered},
      {"metadata", "between metadata and the start of who waits for it", metadata},
      {"starts", "between a free core, or an end, and the next start", starts},
      {"gates", "between the last library and the link", gates},
      {"end", "behind the last unit", tail_of(timeline)}};
  Microseconds rest = timeline.end - ideal.bound;
  for (const GapPart& part : parts) {
    rest -= part.took;
  }
  parts.push_back({"unexplained", "not explained by the simulator", rest});
  return parts;
}

}  // namespace pcargo::report
