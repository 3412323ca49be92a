// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/what_if.h"

#include "base/byte_size.h"
#include "report/calibration.h"
#include "report/changed_build.h"
#include "report/crate_groups.h"
#include "report/nearest_name.h"
#include "report/text.h"
#include "report/timings_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

namespace pcargo::report {

namespace {

constexpr int kMostCores = 4096;
constexpr int kMostParts = 64;
constexpr record::Microseconds kLeast = 1;

Error senseless(std::string_view word, const std::string& why) {
  constexpr std::size_t kWidest = 500;
  return {ErrorKind::kUsage, tame("`" + std::string(word) + "` is no what-if: " + why, kWidest)};
}

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  const bool is_one = error == std::errc() && end == text.data() + text.size() && number >= 0 && number <= 1e9;
  return is_one ? std::optional(number) : std::nullopt;
}

std::optional<int> count_of(std::string_view text, int least, int most) {
  const auto number = number_of(text);
  const bool is_count = number && *number >= least && *number <= most && *number == static_cast<int>(*number);
  return is_count ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

std::string_view trimmed(std::string_view text) {
  const auto first = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(first);
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

/// What is before the first blank; the rest stays.
std::string_view take_word(std::string_view* text) {
  const auto end = std::min(text->find(' '), text->size());
  const auto word = text->substr(0, end);
  *text = trimmed(text->substr(end));
  return word;
}

bool is_program(const record::UnitName& name) {
  return (name.mode == "build" || name.mode == "check") && name.kind == "bin";
}

/// Nanoseconds of one core now -> by what they are multiplied.
std::optional<double> factor_of(std::string_view value, std::int64_t before) {
  constexpr double kNanoseconds = 1e9;
  if (value == "0") {
    return 0;
  }
  if (value.ends_with('%')) {
    const auto share = number_of(value.substr(0, value.size() - 1));
    return share ? std::optional(*share / 100) : std::nullopt;
  }
  const auto seconds = value.ends_with('s') ? number_of(value.substr(0, value.size() - 1)) : std::nullopt;
  return seconds ? std::optional(before > 0 ? *seconds * kNanoseconds / static_cast<double>(before) : 1) : std::nullopt;
}

/// One set of changes, taken from the words.
class Changes {
 public:
  Changes(const ChangedBuild& build, int cores) : build_(build), cores_{cores} {}

  Result<void> take(std::string_view word) {
    std::string_view rest = word;
    const auto first = take_word(&rest);
    if (first == "drop" && !rest.empty()) {
      return take_drop(word, rest);
    }
    if (first == "split" && !rest.empty()) {
      return take_split(word, rest);
    }
    const auto equals = word.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      return senseless(word, "it should be like `cores=8`, `app=0`, `app=50%`, `drop app` or `split app 3`");
    }
    const auto name = trimmed(word.substr(0, equals));
    const auto value = trimmed(word.substr(equals + 1));
    const bool is_setting = name == "cores" || name == "memory" || name == "late-link" || name == "cached";
    if (!is_setting) {
      return take_crate(word, name, value);
    }
    if (!settings_.emplace(name).second) {
      return senseless(word, "`" + std::string(name) + "` is said twice");
    }
    return name == "cores"       ? take_cores(word, value)
           : name == "memory"    ? take_memory(word, value)
           : name == "late-link" ? take_late_link(word, value)
                                 : take_cached(word, value);
  }

  void answer(std::string_view words,
              const Calibration& calibration,
              double expected_error,
              std::vector<WhatIf>* answers) const {
    const auto makespans = build_.makespans(cores_);
    for (std::size_t i = 0; i < cores_.size(); ++i) {
      const std::string change = cores_.size() > 1
                                     ? fmt::format("{}: {} core{}", words, cores_[i], cores_[i] == 1 ? "" : "s")
                                     : std::string(words);
      const auto wall = calibration.wall(makespans[i].likely);
      const auto other = calibration.wall(makespans[i].if_scripts_share);
      const double open = static_cast<double>(std::abs(wall - other)) / static_cast<double>(std::max(wall, kLeast));
      answers->push_back({change, cores_[i], wall, std::max(expected_error, open)});
    }
  }

 private:
  Result<void> take_cores(std::string_view word, std::string_view value) {
    const auto dots = value.find("..");
    const auto first = count_of(value.substr(0, dots), 1, kMostCores);
    const auto last = dots == std::string_view::npos ? first : count_of(value.substr(dots + 2), 1, kMostCores);
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

  Result<void> take_memory(std::string_view word, std::string_view value) {
    const auto size = parse_size(value);
    if (!size || *size == 0) {
      return senseless(word, "memory is a size like `8G` or `512M`");
    }
    build_.limit_memory(*size);
    return {};
  }

  Result<void> take_late_link(std::string_view word, std::string_view value) {
    if (value != "never" && value != "auto") {
      return senseless(word, "late-link is `never` or `auto`");
    }
    value == "never" ? build_.hold_links() : build_.link_early();
    return {};
  }

  Result<void> take_cached(std::string_view word, std::string_view value) {
    if (value != "deps") {
      return senseless(word, "what can be cached is `deps`: all but the members of the workspace");
    }
    build_.scale(units([](const record::UnitName& name) { return !name.is_member; }), 0);
    return {};
  }

  Result<void> take_crate(std::string_view word, std::string_view name, std::string_view value) {
    PCARGO_ASSIGN(const auto units, units_of(word, name, {"cores", "memory", "late-link", "cached"}));
    const auto work = build_.work_of(units);
    const auto factor = factor_of(value, work);
    if (!factor) {
      return senseless(word, "a crate takes `0`, a share like `50%`, or seconds like `1.5s`");
    }
    if (work == 0 && *factor > 0) {
      return senseless(word, "nothing of it ran in this build, so there is no time that could be another");
    }
    build_.scale(units, *factor);
    return {};
  }

  Result<void> take_drop(std::string_view word, std::string_view name) {
    PCARGO_ASSIGN(const auto units, units_of(word, name));
    build_.drop(units);
    return {};
  }

  Result<void> take_split(std::string_view word, std::string_view rest) {
    const auto name = take_word(&rest);
    PCARGO_ASSIGN(auto all, units_of(word, name));
    const auto parts = count_of(rest, 2, kMostParts);
    if (!parts) {
      return senseless(word, "a crate is split in 2 to 64 parts, as in `split app 3`");
    }
    const bool has_library =
        std::any_of(all.begin(), all.end(), [&](UnitId unit) { return is_library(build_.names()[unit]); });
    std::erase_if(all, [&](UnitId unit) {
      return !(has_library ? is_library(build_.names()[unit]) : is_program(build_.names()[unit]));
    });
    if (all.empty()) {
      return senseless(word, "this build compiles neither a library nor a program of it");
    }
    build_.split(all, *parts);
    return {};
  }

  template <class Condition>
  std::vector<UnitId> units(Condition condition) const {
    std::vector<UnitId> units;
    for (UnitId unit{0}; unit.value < build_.names().size(); ++unit.value) {
      if (condition(build_.names()[unit])) {
        units.push_back(unit);
      }
    }
    return units;
  }

  /// `others`: what else might have been meant.
  Result<std::vector<UnitId>> units_of(std::string_view word,
                                       std::string_view name,
                                       std::vector<std::string> others = {}) const {
    const bool has_version = name.find('@') != std::string_view::npos;
    const auto name_of = [&](const record::UnitName& unit) {
      return has_version ? unit.package + "@" + unit.version : unit.package;
    };
    auto found = units([&](const record::UnitName& unit) { return name_of(unit) == name; });
    if (!found.empty()) {
      return found;
    }
    std::set<std::string> names(others.begin(), others.end());
    for (const auto& unit : build_.names()) {
      names.insert(name_of(unit));
    }
    const std::string unknown = "no crate of this build is called `" + std::string(name) + "`";
    return names.empty()
               ? senseless(word, unknown)
               : senseless(word,
                           unknown + "; there is `" + tame(nearest_name(name, {names.begin(), names.end()}), 60) + "`");
  }

  ChangedBuild build_;
  std::vector<int> cores_;
  std::set<std::string, std::less<>> settings_;  ///< that were said
};

Result<void> take_all(std::string_view words, Changes* changes) {
  for (std::string_view rest = words;;) {
    const auto comma = std::min(rest.find(','), rest.size());
    PCARGO_TRY(changes->take(trimmed(rest.substr(0, comma))));
    if (comma == rest.size()) {
      return {};
    }
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace

Result<WhatIfs> what_if(const record::Timeline& timeline,
                        const std::vector<std::string>& questions,
                        std::optional<double> usual_error) {
  const ChangedBuild build(timeline);
  const int cores = timeline.head.busy_cores();
  const Calibration calibration(timeline, build.makespans({cores}).front().likely);
  WhatIfs what_ifs;
  what_ifs.simulated = calibration.simulated_wall();
  const double expected_error = calibration.expected_error(usual_error);
  for (const std::string& words : questions) {
    Changes changes(build, cores);
    PCARGO_TRY(take_all(words, &changes));
    changes.answer(words, calibration, expected_error, &what_ifs.answers);
  }
  return what_ifs;
}

std::string what_if_as_text(const record::Timeline& timeline, const WhatIfs& what_ifs) {
  const double now = in_seconds(timeline.end);
  const double simulated = in_seconds(what_ifs.simulated);
  std::string text = fmt::format("{:>9.2f} s           as it was; the simulator has {:.2f} s ({:+.0f} %)\n",
                                 now,
                                 simulated,
                                 100 * (simulated / std::max(now, 1e-6) - 1));
  for (const WhatIf& answer : what_ifs.answers) {
    text += fmt::format("{:>9.2f} s (± {:.0f} %)  {}, {:+.2f} s\n",
                        in_seconds(answer.wall),
                        100 * answer.expected_error,
                        tame(answer.change, 60),
                        in_seconds(answer.wall) - now);
  }
  return text;
}

}  // namespace pcargo::report
