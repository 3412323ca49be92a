// SPDX-License-Identifier: MIT OR Apache-2.0
#include "graph/critical_path.h"
#include "report/text.h"
#include "report/timings.h"
#include "report/timings_simulation.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace pcargo::report {

namespace {

constexpr int kMostCores = 4096;

Error senseless(const std::string& word, const std::string& why) {
  constexpr std::size_t kWidest = 500;
  return {ErrorKind::kUsage, tame("`" + word + "` is no what-if: " + why, kWidest)};
}

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  const bool is_one = error == std::errc() && end == text.data() + text.size() && number >= 0 && number <= 1e9;
  return is_one ? std::optional(number) : std::nullopt;
}

std::optional<int> cores_of(std::string_view text) {
  const auto number = number_of(text);
  const bool is_count = number && *number >= 1 && *number <= kMostCores && *number == static_cast<int>(*number);
  return is_count ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

/// Of two words: how much of the shorter is at the head of the longer.
std::size_t common_head(std::string_view a, std::string_view b) {
  const auto end =
      std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())), b.begin());
  return static_cast<std::size_t>(end.first - a.begin());
}

/// One set of changes, taken from the words.
class Changes {
 public:
  explicit Changes(const record::Timeline& timeline)
      : timeline_(timeline), estimates_(record::estimates_of(timeline)), cores_{timeline.head.busy_cores()} {}

  Result<void> take(const std::string& word) {
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      return senseless(word, "it should be like `cores=8`, `app=0` or `app=50%`");
    }
    const std::string name = word.substr(0, equals);
    const std::string_view value = std::string_view(word).substr(equals + 1);
    return name == "cores" ? take_cores(word, value) : take_crate(word, name, value);
  }

  std::vector<WhatIf> answers(std::string_view words) const {
    std::vector<WhatIf> answers;
    for (const int cores : cores_) {
      const std::string change =
          cores_.size() > 1 ? std::string(words) + ": " + std::to_string(cores) + " cores" : std::string(words);
      answers.push_back({change, simulated_wall(timeline_, estimates_, cores)});
    }
    return answers;
  }

 private:
  Result<void> take_cores(const std::string& word, std::string_view value) {
    const auto dots = value.find("..");
    const auto first = cores_of(value.substr(0, dots));
    const auto last = dots == std::string_view::npos ? first : cores_of(value.substr(dots + 2));
    if (!first || !last || *last < *first) {
      return senseless(word, "cores are a number from 1 to 4096, or two of them as in `cores=2..64`");
    }
    cores_.clear();
    for (int cores = *first; cores < *last; cores *= 2) {
      cores_.push_back(cores);
    }
    cores_.push_back(*last);
    return {};
  }

  Result<void> take_crate(const std::string& word, const std::string& name, std::string_view value) {
    std::vector<UnitId> units;
    for (UnitId unit{0}; unit.value < timeline_.names.size(); ++unit.value) {
      if (timeline_.names[unit].package == name) {
        units.push_back(unit);
      }
    }
    if (units.empty()) {
      return senseless(word, "no crate of this build is called `" + name + "`; there is " + nearest(name));
    }
    std::int64_t before = 0;
    for (const UnitId unit : units) {
      before += estimates_[unit].one_thread.total();
    }
    const auto factor = factor_of(value, static_cast<double>(before));
    if (!factor) {
      return senseless(word, "a crate takes `0`, a share like `50%`, or seconds like `1.5s`");
    }
    for (const UnitId unit : units) {
      auto& phases = estimates_[unit].one_thread;
      for (std::int64_t* phase : {&phases.frontend, &phases.codegen, &phases.link}) {
        *phase = static_cast<std::int64_t>(static_cast<double>(*phase) * *factor);
      }
    }
    return {};
  }

  static std::optional<double> factor_of(std::string_view value, double before) {
    constexpr double kNanoseconds = 1e9;
    if (value == "0") {
      return 0;
    }
    if (value.ends_with('%')) {
      const auto share = number_of(value.substr(0, value.size() - 1));
      return share ? std::optional(*share / 100) : std::nullopt;
    }
    const auto seconds = value.ends_with('s') ? number_of(value.substr(0, value.size() - 1)) : std::nullopt;
    return seconds ? std::optional(before > 0 ? *seconds * kNanoseconds / before : 0) : std::nullopt;
  }

  std::string nearest(const std::string& name) const {
    const auto best =
        std::max_element(timeline_.names.begin(), timeline_.names.end(), [&](const auto& a, const auto& b) {
          return common_head(a.package, name) < common_head(b.package, name);
        });
    return "`" + best->package + "`";
  }

  const record::Timeline& timeline_;
  record::Estimates estimates_;
  std::vector<int> cores_;
};

}  // namespace

Result<std::vector<WhatIf>> what_if(const record::Timeline& timeline, std::string_view words) {
  Changes changes(timeline);
  for (std::string_view rest = words;;) {
    const auto comma = std::min(rest.find(','), rest.size());
    PCARGO_TRY(changes.take(std::string(rest.substr(0, comma))));
    if (comma == rest.size()) {
      return changes.answers(words);
    }
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace pcargo::report
