// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/estimate.h"

#include "record/prior.h"
#include "record/source_size.h"

#include <algorithm>
#include <cmath>

namespace pcargo::record {

namespace {

/// What cargo leaves unsaid is rustc's own choice, incremental or not.
constexpr unsigned kCodegenUnits = 16;
constexpr unsigned kIncrementalCodegenUnits = 256;
/// What takes so many times what it works waits for something else than its turn, as some build scripts do.
constexpr std::int64_t kMostWaitingForCores = 10;
/// A crate does not become another by another version: what says so has another reason.
constexpr double kMostScaling = 16;

unsigned codegen_threads(const cargo::Profile& profile) {
  return std::max(profile.codegen_units.value_or(profile.incremental ? kIncrementalCodegenUnits : kCodegenUnits), 1U);
}

std::int64_t times(double factor, std::int64_t duration) {
  return std::llround(factor * static_cast<double>(duration));
}

graph::PhaseDurations times(double factor, const graph::PhaseDurations& durations) {
  return {times(factor, durations.frontend), times(factor, durations.codegen), times(factor, durations.link)};
}

double ratio(std::int64_t of, std::int64_t to) {
  return of > 0 && to > 0
             ? std::clamp(static_cast<double>(of) / static_cast<double>(to), 1 / kMostScaling, kMostScaling)
             : 1;
}

/// By how much this machine is slower than the one of the prior: the middle of what is known of both. Without it what
/// was measured and what was not could not be compared.
class Speed {
 public:
  void saw(std::int64_t took, std::int64_t prior) {
    if (took > 0 && prior > 0) {
      ratios_.push_back(ratio(took, prior));
    }
  }
  double slower_than_prior() {
    if (ratios_.empty()) {
      return 1;
    }
    const auto middle = ratios_.begin() + static_cast<std::ptrdiff_t>(ratios_.size() / 2);
    std::nth_element(ratios_.begin(), middle, ratios_.end());
    return *middle;
  }

 private:
  std::vector<double> ratios_;
};

}  // namespace

graph::PhaseDurations one_thread(const Measurement& measured,
                                 graph::Phases phases,
                                 const graph::PhaseDurations& shares) {
  if (phases == graph::Phases::kWhole) {
    const bool waited = measured.cpu == 0 || measured.total / kMostWaitingForCores > measured.cpu;
    return {waited ? measured.total : measured.cpu, 0, 0};
  }
  // Where the processor worked for less time than passed, the unit waited for its turn: in all phases alike.
  const std::int64_t work = measured.cpu > 0 ? measured.cpu : measured.total;
  const double own = std::min(
      1.0,
      static_cast<double>(work) / static_cast<double>(std::max({measured.total, measured.metadata, std::int64_t{1}})));
  const std::int64_t usual = std::max(shares.total(), std::int64_t{1});
  const auto share = [&](std::int64_t of) { return times(static_cast<double>(of) / static_cast<double>(usual), work); };
  graph::PhaseDurations result;
  result.frontend = measured.metadata > 0 ? times(own, measured.metadata) : share(shares.frontend);
  if (phases == graph::Phases::kLinking) {
    result.link = measured.objects > 0 ? times(own, measured.total - measured.objects) : share(shares.link);
  }
  // More than one thread worked: that was in codegen, whatever the clock says of it.
  result.frontend = std::min(result.frontend, work);
  result.link = std::clamp(result.link, std::int64_t{0}, work - result.frontend);
  result.codegen = work - result.frontend - result.link;
  return result;
}

Estimates estimate(const plan::BuildPlan& plan, const std::vector<Known>& known) {
  Estimates estimates(plan.actions().size());
  SourceSizes sizes(plan);
  Speed speed;
  for (UnitId unit{0}; unit.value < estimates.size(); ++unit.value) {
    Estimate& one = estimates[unit];
    const auto& [same, kin] = known[unit.value];
    const auto phases = plan.actions().phases(unit);
    const auto shares = prior(plan, unit, same ? 1 : sizes.kibibytes(unit));
    one.threads = phases == graph::Phases::kWhole ? 1 : codegen_threads(plan.graph().profile(unit));
    one.prior = same ? same->expected : shares.total();
    one.one_thread = shares;
    if (const auto& run = same ? same : kin) {
      one.from = same ? Estimate::From::kThisUnit : Estimate::From::kThisCrate;
      one.one_thread = one_thread(run->measured, phases, shares);
      one.peak_bytes = run->measured.peak_bytes;
      speed.saw(one.one_thread.total(), run->expected);
      one.one_thread = times(ratio(one.prior, run->expected), one.one_thread);
    }
    if (one.peak_bytes == 0) {
      one.peak_bytes = prior_peak(plan, unit, one.prior);
    }
  }
  const double slower = speed.slower_than_prior();
  for (Estimate& one : estimates) {
    if (one.from == Estimate::From::kPrior) {
      one.one_thread = times(slower, one.one_thread);
    }
  }
  return estimates;
}

graph::Durations on_free_cores(const Estimates& estimates, unsigned cores) {
  graph::Durations durations;
  durations.reserve(estimates.size());
  for (const Estimate& one : estimates) {
    graph::PhaseDurations shortened = one.one_thread;
    const double at_once = std::clamp(cores, 1U, one.threads);
    shortened.codegen = times(kSerialShare + (1 - kSerialShare) / at_once, shortened.codegen);
    durations.push_back(shortened);
  }
  return durations;
}

IdMap<UnitId, std::int64_t> peaks(const Estimates& estimates) {
  IdMap<UnitId, std::int64_t> result;
  result.reserve(estimates.size());
  for (const Estimate& one : estimates) {
    result.push_back(one.peak_bytes);
  }
  return result;
}

}  // namespace pcargo::record
