// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/check_modes.h"

#include <tuple>

namespace pcargo::plan {

using cargo::CompileMode;
using cargo::TargetKind;

namespace {

auto identity(const cargo::Unit& unit) {
  return std::tuple(unit.package, unit.target, unit.profile, unit.platform, unit.features);
}

/// Was a root of this kind asked for by a flag that means the target itself, not its tests?
bool selected_as_itself(TargetKind kind, const TargetSelection& selection) {
  switch (kind) {
    case TargetKind::kLib:
      return selection.lib;
    case TargetKind::kBin:
      return selection.bins;
    case TargetKind::kExample:
      return selection.examples;
    default:
      return false;
  }
}

bool is_check_of_tests(const cargo::Target& target, bool is_root, const TargetSelection& selection, bool test_profile) {
  if (target.kind == TargetKind::kTest || target.kind == TargetKind::kBench) {
    return true;
  }
  if (!is_root) {
    return false;
  }
  if (test_profile) {
    return true;
  }
  if (selection.all_targets || selected_as_itself(target.kind, selection)) {
    return false;  // with all targets, the test form is the second of two equal units
  }
  return selection.tests || selection.benches;
}

}  // namespace

void infer_check_tests(cargo::UnitGraph* graph, const TargetSelection& selection, bool test_profile) {
  IdMap<UnitId, char> is_root(graph->units.size(), 0);
  for (UnitId root : graph->roots) {
    is_root[root] = 1;
  }
  for (std::uint32_t i = 0; i < graph->units.size(); ++i) {
    const UnitId id{i};
    auto& unit = graph->units[id];
    if (unit.mode != CompileMode::kCheck) {
      continue;
    }
    // Of two units that differ in nothing the JSON shows, the first is the plain one (order of CompileMode in cargo).
    const bool second_of_two = i > 0 && identity(graph->units[UnitId{i - 1}]) == identity(unit) &&
                               graph->units[UnitId{i - 1}].mode == CompileMode::kCheck;
    const bool first_of_two = i + 1 < graph->units.size() && identity(graph->units[UnitId{i + 1}]) == identity(unit) &&
                              graph->units[UnitId{i + 1}].mode == CompileMode::kCheck;
    if (second_of_two) {
      unit.mode = CompileMode::kCheckTest;
    } else if (!first_of_two && is_check_of_tests(graph->target(id), is_root[id], selection, test_profile)) {
      unit.mode = CompileMode::kCheckTest;
    }
  }
}

}  // namespace pcargo::plan
