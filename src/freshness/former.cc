// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/former.h"

#include "freshness/difference.h"
#include "freshness/record_store.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace pcargo::freshness {

namespace {

/// The unit as a user would tell it from others: not by its settings.
std::string identity(const plan::BuildPlan& plan, UnitId id) {
  const auto& unit = plan.graph().units[id];
  const auto& target = plan.graph().target(id);
  return plan.package(id).name + "\n" + target.name + "\n" + std::to_string(static_cast<int>(target.kind)) + "\n" +
         std::to_string(static_cast<int>(unit.mode)) + "\n" + plan.graph().platform(id);
}

/// What is there because of the hash itself, or of the hashes of others.
bool is_made_of_hashes(const std::string& word) {
  constexpr std::array<std::string_view, 4> kWords = {"metadata=", "extra-filename=", "incremental=", "dependency="};
  return std::any_of(kWords.begin(), kWords.end(), [&word](std::string_view start) { return word.starts_with(start); });
}

std::vector<GivenField> settings_of(const std::vector<GivenField>& given, bool is_run) {
  using Kind = GivenField::Kind;
  std::vector<GivenField> settings;
  const auto is_word = [](const GivenField& field, const char* word) {
    return field.kind == Kind::kArgument && field.value == word;
  };
  for (std::size_t i = 0; i < given.size(); ++i) {
    const bool has_value = i + 1 < given.size() && given[i + 1].kind == Kind::kArgument;
    const bool is_of_others =
        given[i].kind == Kind::kDependency || given[i].kind == Kind::kLinked || given[i].kind == Kind::kScript;
    const bool is_place = given[i].kind == Kind::kVariable && given[i].name == "OUT_DIR";
    if (is_of_others || is_place || (is_run && given[i].kind == Kind::kArgument)) {
      continue;
    }
    if (has_value && (is_word(given[i], "--out-dir") || is_made_of_hashes(given[i + 1].value))) {
      ++i;
      continue;
    }
    settings.push_back(given[i]);
    if (has_value && is_word(given[i], "--extern")) {
      settings.push_back(given[++i]);
      settings.back().value.resize(std::min(settings.back().value.find('='), settings.back().value.size()));
    }
  }
  return settings;
}

/// Of a run with the same settings that left no record.
Cause how_it_ended(const LastBuild::Unit& note) {
  switch (note.state) {
    case LastBuild::State::kFailed:
      return {Cause::Kind::kLastRunFailed};
    case LastBuild::State::kStopped:
      return {Cause::Kind::kLastRunStopped};
    case LastBuild::State::kRan:
      return note.unsettled.empty() ? Cause{} : Cause{Cause::Kind::kLastRunUnsettled, note.unsettled};
    default:
      return {};
  }
}

}  // namespace

void note_records(const plan::BuildPlan& plan, LastBuild* build) {
  for (std::uint32_t i = 0; i < build->units.size(); ++i) {
    const UnitId unit{i};
    build->units[i].identity = identity(plan, unit);
    build->units[i].record =
        plan.layout().record(plan.graph().units[unit].platform, plan.package(unit).name, plan.unit_id(unit));
  }
}

/// Where several units are alike (for the host and for a program, say), they are taken in their order.
void Former::read_notes() {
  if (std::exchange(has_read_, true)) {
    return;
  }
  auto last = read_last_build(plan_.layout().private_root());
  if (!last) {
    return;
  }
  std::map<std::string, std::vector<LastBuild::Unit>> by_identity;
  for (auto& unit : last->units) {
    by_identity[unit.identity].push_back(std::move(unit));
  }
  std::map<std::string, std::size_t> seen;
  for (std::uint32_t i = 0; i < plan_.graph().units.size(); ++i) {
    const std::string name = identity(plan_, UnitId{i});
    const auto found = by_identity.find(name);
    const std::size_t position = seen[name]++;
    if (found != by_identity.end() && position < found->second.size()) {
      notes_[UnitId{i}] = std::move(found->second[position]);
    }
  }
}

Cause Former::explain(UnitId unit, const std::string& record, const std::vector<GivenField>& given) {
  read_notes();
  without_record_.insert(unit);
  const auto note = notes_.find(unit);
  if (note == notes_.end()) {
    return {};
  }
  if (note->second.record == record) {
    return how_it_ended(note->second);
  }
  const auto former = RecordStore::read(note->second.record);
  if (!former) {
    return {};
  }
  const bool is_run = plan_.graph().units[unit].mode == cargo::CompileMode::kRunCustomBuild;
  if (const auto cause = first_difference(settings_of(former->given, is_run), settings_of(given, is_run))) {
    return {Cause::Kind::kOtherSettings, cause->describe(plan_.settings().workspace_root)};
  }
  for (const auto& dependency : plan_.graph().units[unit].dependencies) {
    if (without_record_.count(dependency.unit) != 0) {
      Cause cause{Cause::Kind::kOtherDependency, plan_.package(dependency.unit).name};
      cause.source = dependency.unit;
      return cause;
    }
  }
  return {};
}

}  // namespace pcargo::freshness
