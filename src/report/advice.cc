// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/advice.h"

#include "report/timings.h"
#include "report/timings_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace pcargo::report {

using record::Microseconds;
using Kind = Advice::Kind;

namespace {

constexpr int kMostCores = 256;
constexpr int kFull = 90;  // percent
constexpr std::size_t kMostAdvice = 7;

/// What wins a hundredth.
bool counts(Microseconds won, Microseconds of) {
  return won * 100 >= of && won > 0;
}

/// The fewest cores from `low` to `high` on which it takes no more than a hundredth longer than on `high`. Of a build
/// that is too large for so many answers: `high`.
int enough_cores(const Rehearsal& build, int low, int high) {
  constexpr std::size_t kAnswers = 9;
  if (build.affordable(kAnswers) < kAnswers) {
    return high;
  }
  const Microseconds best = build.wall_on(high);
  while (low < high) {
    const int middle = low + (high - low) / 2;
    if (build.wall_on(middle) * 100 <= best * 101) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

std::string cores_in_words(int cores) {
  return fmt::format("{} core{}", cores, cores == 1 ? "" : "s");
}

/// Where compilers waited for a core much of the time that they ran, nothing else matters as much.
void advise_on_load(const record::Timeline& timeline, const Timings& timings, std::vector<Advice>* advice) {
  constexpr int kMostOwnPercent = 80;
  const auto estimates = record::estimates_of(timeline);
  Microseconds ran = 0;
  Microseconds worked = 0;
  for (UnitId unit{0}; unit.value < timeline.units.size(); ++unit.value) {
    const auto& times = timeline.units[unit];
    if (times.start && times.finish) {
      ran += *times.finish - *times.start - (times.link && times.objects ? *times.link - *times.objects : 0);
      worked += estimates[unit].one_thread.total() / 1000;
    }
  }
  if (ran > 0 && worked * 100 < ran * kMostOwnPercent && timeline.end > timings.simulated) {
    advice->push_back(
        {Kind::kMachine,
         timeline.end - timings.simulated,
         fmt::format("on a machine that does nothing else: here compilers and scripts had a core for {} % of "
                     "the time that they ran, and waited for others or for the disk",
                     worked * 100 / ran),
         {}});
  }
}

void advise_on_waits(const record::Timeline& timeline, const Timings& timings, std::vector<Advice>* advice) {
  advice->push_back(
      {Kind::kLock, timeline.head.locked, "without another build in the same directory at the same time", {}});
  for (const GapPart& part : timings.gap) {
    if (part.name == "memory") {
      advice->push_back({Kind::kMemory,
                         part.took,
                         fmt::format("with more memory than {:.1f} GiB: units waited for it",
                                     static_cast<double>(timeline.head.memory_limit) / (1 << 30)),
                         {}});
    }
  }
}

void advise_on_jobs(const Rehearsal& build, std::vector<Advice>* advice) {
  const auto& head = build.timeline().head;
  if (head.jobs < head.cores) {
    advice->push_back({Kind::kJobs,
                       build.wall() - build.wall_on(head.cores),
                       fmt::format("with -j{}: there are {}, and no more than {} were used",
                                   head.cores,
                                   cores_in_words(head.cores),
                                   head.jobs),
                       {}});
  }
}

void advise_on_cores(const Rehearsal& build, std::vector<Advice>* advice) {
  const int cores = build.cores();
  const int most = std::max(kMostCores, 2 * cores);
  Microseconds work = 0;
  for (UnitId unit{0}; unit.value < build.timeline().units.size(); ++unit.value) {
    work += build.work(unit);
  }
  const Microseconds twice = build.wall_on(2 * cores);
  const Microseconds won = build.wall() - twice;
  if (!counts(won, build.wall())) {
    const int enough = enough_cores(build, 1, cores);
    advice->push_back({Kind::kEnoughCores,
                       0,
                       fmt::format("more than {} win nothing: {} on {}, {} on {}",
                                   cores_in_words(enough),
                                   time_in_words(build.wall_on(enough)),
                                   enough,
                                   time_in_words(twice),
                                   2 * cores),
                       {}});
    return;
  }
  const int busy =
      static_cast<int>(std::min<Microseconds>(work * 100 / std::max<Microseconds>(build.wall() * cores, 1), 100));
  const int enough = enough_cores(build, cores, most);
  std::string text = fmt::format("with {} cores in place of {}, which ha{} work {} % of the time{}",
                                 2 * cores,
                                 cores,
                                 cores == 1 ? "s" : "ve",
                                 busy,
                                 busy >= kFull ? ": only less work or more cores help" : "");
  text +=
      enough > 2 * cores ? fmt::format("; {} win {}", enough, time_in_words(build.wall() - build.wall_on(enough))) : "";
  text += enough < most ? "; more win nothing" : "";
  advice->push_back({Kind::kCores, won, std::move(text), {}});
}

}  // namespace

void advise_on_machine(const Rehearsal& build, const Timings& timings, std::vector<Advice>* advice) {
  advise_on_load(build.timeline(), timings, advice);
  advise_on_waits(build.timeline(), timings, advice);
  advise_on_jobs(build, advice);
  if (build.cores() == build.timeline().head.cores) {
    advise_on_cores(build, advice);
  }
}

std::vector<Advice> advise(Rehearsal& build, const Timings& timings) {
  std::vector<Advice> advice;
  if (timings.path.empty()) {
    return advice;
  }
  advise_on_machine(build, timings, &advice);
  advise_on_crates(build, timings, &advice);
  std::erase_if(advice,
                [&](const Advice& one) { return one.kind != Kind::kEnoughCores && !counts(one.won, build.wall()); });
  std::stable_sort(advice.begin(), advice.end(), [](const Advice& a, const Advice& b) { return a.won > b.won; });
  if (advice.size() > kMostAdvice) {
    // That more cores win nothing stays: it saves a machine.
    const bool is_enough = advice.back().kind == Kind::kEnoughCores;
    advice.erase(advice.begin() + static_cast<std::ptrdiff_t>(kMostAdvice - (is_enough ? 1 : 0)),
                 advice.end() - (is_enough ? 1 : 0));
  }
  return advice;
}

std::string_view word_of(Kind kind) {
  switch (kind) {
    case Kind::kMachine:
      return "machine";
    case Kind::kLock:
      return "lock";
    case Kind::kMemory:
      return "memory";
    case Kind::kJobs:
      return "jobs";
    case Kind::kCores:
      return "cores";
    case Kind::kEnoughCores:
      return "enough-cores";
    case Kind::kBuildScript:
      return "build-script";
    case Kind::kDependency:
      return "dependency";
    case Kind::kVersions:
      return "versions";
    case Kind::kBuiltTwice:
      return "built-twice";
    case Kind::kSplit:
      return "split";
    case Kind::kLastUnit:
      break;
  }
  return "last-unit";
}

}  // namespace pcargo::report
