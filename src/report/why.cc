// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/why.h"

#include "report/explanation.h"
#include "report/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <utility>

namespace pcargo::report {

namespace {

using freshness::Cause;
using freshness::LastBuild;
using State = LastBuild::State;

bool did_run(State state) {
  return state == State::kRan || state == State::kFailed || state == State::kStopped;
}

std::string display(const LastBuild::Unit& unit) {
  return fmt::format("{} v{} ({})", unit.package, unit.version, unit.what);
}

std::vector<const Cause*> chain_in(const LastBuild& build, std::size_t unit) {
  return chain_of(UnitId{static_cast<std::uint32_t>(unit)}, [&build](UnitId id) {
    const auto& found = build.units[id.value];
    return did_run(found.state) ? &found.cause : nullptr;
  });
}

std::string with_hyphens(std::string_view name) {
  std::string result(name);
  std::replace(result.begin(), result.end(), '_', '-');
  return result;
}

/// How many letters have to be put in, taken out or replaced to make one of the other.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t replaced = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({row[j] + 1, row[j + 1] + 1, replaced}));
    }
  }
  return row.back();
}

Error nothing_found(const LastBuild& build, std::string_view wanted, std::string_view name) {
  constexpr std::size_t kMostNames = 3;
  std::set<std::pair<std::size_t, std::string>> near;
  for (const auto& unit : build.units) {
    for (const auto& known : {unit.package, unit.target}) {
      const std::size_t apart = distance(with_hyphens(name), with_hyphens(known));
      const bool is_part = name.size() >= 3 && known.find(name) != std::string::npos;
      if (is_part || apart <= std::max<std::size_t>(1, name.size() / 3)) {
        near.emplace(apart, known);
      }
    }
  }
  std::string text = fmt::format("no unit of the last build matches `{}`", wanted);
  std::string names;
  std::size_t count = 0;
  for (const auto& [apart, known] : near) {
    if (count++ == kMostNames) {
      break;
    }
    names += (names.empty() ? "`" : ", `") + known + "`";
  }
  if (!names.empty()) {
    text += "\n\nhelp: names like it: " + names;
  }
  return Error{ErrorKind::kInput, std::move(text)};
}

}  // namespace

Result<std::vector<std::size_t>> find_units(const LastBuild& build, std::string_view wanted) {
  std::string_view name = wanted;
  std::string_view what;
  if (const auto bracket = wanted.find('('); bracket != std::string_view::npos && wanted.ends_with(')')) {
    what = wanted.substr(bracket + 1, wanted.size() - bracket - 2);
    name = wanted.substr(0, wanted.find_last_not_of(' ', bracket == 0 ? 0 : bracket - 1) + 1);
  }
  std::string_view version;
  if (const auto at = name.find('@'); at != std::string_view::npos) {
    version = name.substr(at + 1);
    name = name.substr(0, at);
  }
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < build.units.size(); ++i) {
    const auto& unit = build.units[i];
    const bool is_named =
        with_hyphens(name) == with_hyphens(unit.package) || with_hyphens(name) == with_hyphens(unit.target);
    const bool is_version =
        version.empty() || unit.version == version || unit.version.starts_with(std::string(version) + ".");
    if (is_named && is_version && std::string_view(unit.what).starts_with(what)) {
      found.push_back(i);
    }
  }
  if (found.empty()) {
    return nothing_found(build, wanted, name);
  }
  return found;
}

std::string headline(const LastBuild& build, std::string_view when) {
  std::map<State, std::size_t> counts;
  for (const auto& unit : build.units) {
    ++counts[did_run(unit.state) ? State::kRan : unit.state];
  }
  const char* end = build.outcome == Outcome::kSuccess   ? "finished"
                    : build.outcome == Outcome::kFailure ? "failed"
                                                         : "was interrupted";
  std::string text = fmt::format("`{}` of {} {}: {} ran, {} fresh",
                                 to_valid_utf8(build.command),
                                 when,
                                 end,
                                 counts[State::kRan],
                                 counts[State::kFresh]);
  if (counts[State::kNotReached] != 0) {
    text += fmt::format(", {} not reached", counts[State::kNotReached]);
  }
  return text + "\n";
}

std::string why_units(const LastBuild& build, const std::vector<std::size_t>& units) {
  std::string text;
  for (const std::size_t i : units) {
    const auto& unit = build.units[i];
    const std::string reason = describe_chain(chain_in(build, i), build.workspace_root);
    text += display(unit) + ": ";
    switch (unit.state) {
      case State::kNotReached:
        text += "was not reached";
        break;
      case State::kFresh:
        text += "was fresh";
        break;
      case State::kRan:
        text += "ran: " + reason;
        break;
      case State::kFailed:
        text += "ran and failed: " + reason;
        break;
      case State::kStopped:
        text += "ran and was stopped: " + reason;
        break;
    }
    text += "\n";
  }
  return to_valid_utf8(text);
}

std::string why_all(const LastBuild& build) {
  struct Group {
    std::map<std::string, std::size_t> own;     ///< units that have the root themselves; some are called alike
    std::map<std::string, std::size_t> behind;  ///< units that it reached through others
  };
  std::map<std::string, Group> groups;  // by the root's words
  for (std::size_t i = 0; i < build.units.size(); ++i) {
    if (const auto chain = chain_in(build, i); !chain.empty()) {
      Group& group = groups[chain.back()->describe(build.workspace_root)];
      ++(chain.size() == 1 ? group.own : group.behind)[display(build.units[i])];
    }
  }
  std::string text;
  for (auto& [root, group] : groups) {
    text += root + "\n";
    for (const auto* names : {&group.own, &group.behind}) {
      for (const auto& [name, count] : *names) {
        text += (names == &group.own ? "    " : "    <- ") + name;
        text += count == 1 ? "\n" : fmt::format(", {} units\n", count);
      }
    }
  }
  return to_valid_utf8(text);
}

}  // namespace pcargo::report
