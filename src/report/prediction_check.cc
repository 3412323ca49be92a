// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/prediction_check.h"

#include "record/timeline_estimates.h"
#include "report/text.h"
#include "report/timings.h"
#include "report/timings_simulation.h"
#include "report/timings_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace pcargo::report {

namespace {

using record::Estimate;
using record::Microseconds;

constexpr std::size_t kMostUnits = 10;
constexpr Microseconds kNoise = 10'000;
constexpr double kNearlyAll = 0.9;

Microseconds work_of(const Estimate& estimate) {
  return estimate.one_thread.total() / 1000;
}

double middle(std::vector<double> values) {
  const auto half = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), half, values.end());
  return *half;
}

std::vector<double> errors_of(const std::vector<PredictionCheck>& checks, Microseconds wall) {
  std::vector<double> errors;
  for (const PredictionCheck& check : checks) {
    if (check.known_share >= kNearlyAll && 2 * check.measured >= wall) {
      errors.push_back(std::abs(check.error()));
    }
  }
  return errors;
}

}  // namespace

double PredictionCheck::error() const {
  return static_cast<double>(predicted - measured) / static_cast<double>(std::max<Microseconds>(measured, 1));
}

std::optional<PredictionCheck> check_prediction(const record::Timeline& timeline) {
  if (!timeline.is_whole || timeline.outcome != Outcome::kSuccess || timeline.expected.empty()) {
    return std::nullopt;
  }
  const auto took = record::estimates_of(timeline);
  record::Estimates expected(took.size());
  PredictionCheck check;
  Microseconds work = 0;
  Microseconds known_work = 0;
  for (UnitId unit{0}; unit.value < took.size(); ++unit.value) {
    if (timeline.units[unit].end != record::UnitTimes::End::kRan) {
      continue;
    }
    expected[unit] = timeline.expected[unit];
    const auto from = expected[unit].from;
    ++(from == Estimate::From::kThisUnit    ? check.known_units
       : from == Estimate::From::kThisCrate ? check.known_crates
                                            : check.unknown);
    work += work_of(took[unit]);
    known_work += from == Estimate::From::kThisUnit ? work_of(took[unit]) : 0;
    check.units.push_back({unit, work_of(expected[unit]), work_of(took[unit])});
  }
  if (check.units.empty()) {
    return std::nullopt;
  }
  const int cores = timeline.head.busy_cores();
  const Microseconds tail = tail_of(timeline);
  check.predicted = simulated_wall(timeline, expected, cores) - tail;  // nobody foresees one
  check.with_true_times = simulated_wall(timeline, took, cores) - tail;
  check.measured = timeline.end;
  check.known_share = static_cast<double>(known_work) / static_cast<double>(std::max<Microseconds>(work, 1));
  std::stable_sort(check.units.begin(), check.units.end(), [](const auto& a, const auto& b) {
    return std::abs(a.took - a.expected) > std::abs(b.took - b.expected);
  });
  return check;
}

std::optional<double> usual_error(const std::vector<PredictionCheck>& checks, Microseconds wall) {
  const auto errors = errors_of(checks, wall);
  return errors.empty() ? std::nullopt : std::optional(middle(errors));
}

std::vector<record::AskedAnswer> answers_for(const record::Timeline& timeline,
                                             std::int64_t earlier_end,
                                             const std::vector<record::AskedAnswer>& asked) {
  std::vector<record::AskedAnswer> answers;
  std::copy_if(asked.begin(), asked.end(), std::back_inserter(answers), [&](const record::AskedAnswer& answer) {
    return answer.asked_at_ms >= earlier_end && answer.asked_at_ms < timeline.ended_at_ms() &&
           answer.cores == timeline.head.busy_cores();
  });
  return answers;
}

std::string check_as_text(const record::Timeline& timeline,
                          const PredictionCheck& check,
                          std::string_view when,
                          const std::vector<record::AskedAnswer>& asked,
                          const std::vector<PredictionCheck>& earlier) {
  std::string text = fmt::format("`{}` of {}\n", tame(timeline.head.command, 60), when);
  text += fmt::format("{:>9.2f} s  predicted before anything ran\n{:>9.2f} s  measured\n\n",
                      in_seconds(check.predicted),
                      in_seconds(check.measured));
  text += fmt::format("{:>+9.2f} s  between them: it was predicted {:.1f} % too {}, of that\n",
                      in_seconds(check.measured - check.predicted),
                      100 * std::abs(check.error()),
                      check.error() < 0 ? "short" : "long");
  text += fmt::format("{:>+9.2f} s  because units worked longer or shorter than expected\n",
                      in_seconds(check.with_true_times - check.predicted));
  text += fmt::format(
      "{:>+9.2f} s  that no unit's work explains: cores did something else too, or units\n"
      "{:13}waited for what the simulator does not know\n\n",
      in_seconds(check.measured - check.with_true_times),
      "");
  text += fmt::format(
      "Of the units that ran {} had been built here before, of {} another variant of the crate;\n"
      "of {} was known only what such crates usually take\n",
      check.known_units,
      check.known_crates,
      check.unknown);
  std::string lines;
  for (std::size_t i = 0; i < std::min(check.units.size(), kMostUnits); ++i) {
    const auto& unit = check.units[i];
    if (std::abs(unit.took - unit.expected) > kNoise) {
      lines += fmt::format("{:>+9.2f} s  {:.2f} s, expected {:.2f}: {}\n",
                           in_seconds(unit.took - unit.expected),
                           in_seconds(unit.took),
                           in_seconds(unit.expected),
                           tame(unit_label(timeline.names[unit.unit]), 40));
    }
  }
  text += lines.empty() ? "" : "\nWorked longer or shorter, in seconds of one core:\n" + lines;
  text += asked.empty() ? "" : "\nAsked for before it:\n";
  for (const record::AskedAnswer& answer : asked) {
    text += fmt::format("{:>9.2f} s (± {:.0f} %)  {}, it took {:+.2f} s\n",
                        in_seconds(answer.wall),
                        100 * answer.expected_error,
                        tame(answer.change, 60),
                        in_seconds(check.measured - answer.wall));
  }
  if (const auto errors = errors_of(earlier, timeline.end); !errors.empty()) {
    text += fmt::format(
        "\nOther predictions of such builds, {} of them, were off by {:.1f} % in the middle, {:.1f} % at worst\n",
        errors.size(),
        100 * middle(errors),
        100 * *std::max_element(errors.begin(), errors.end()));
  }
  return text;
}

}  // namespace pcargo::report
