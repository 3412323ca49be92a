// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/lto.h"

#include <algorithm>
#include <optional>

namespace pcargo::plan {

using cargo::CompileMode;
using Kind = Lto::Kind;

namespace {

bool can_lto(const std::string& type) {
  return type == "bin" || type == "staticlib" || type == "cdylib";
}

bool is_dynamic(const std::string& type) {
  return type == "dylib" || type == "cdylib" || type == "proc-macro";
}

bool needs_object(const std::vector<std::string>& types) {
  return std::any_of(types.begin(), types.end(), [](const auto& type) { return can_lto(type) || is_dynamic(type); });
}

Kind when_object_is_needed(const std::vector<std::string>& types) {
  // rustc cannot run LTO over a dylib, so one that stands alone needs no bitcode.
  const bool all_dylib = std::all_of(types.begin(), types.end(), [](const auto& type) { return type == "dylib"; });
  return all_dylib ? Kind::kOnlyObject : Kind::kObjectAndBitcode;
}

Lto of_profile(const cargo::Profile& profile) {
  if (profile.lto == "off") {
    return {Kind::kOff};
  }
  if (profile.lto == "false") {
    return {Kind::kOnlyObject};
  }
  return {Kind::kRun, profile.lto == "true" ? "" : profile.lto};
}

Lto at_root(const cargo::UnitGraph& graph, UnitId root) {
  const auto& target = graph.target(root);
  const auto& profile = graph.profile(root);
  if (profile.lto == "false") {
    return {Kind::kOnlyObject};
  }
  if (profile.lto == "off") {
    return {Kind::kOff};
  }
  if (target.for_host()) {
    return {Kind::kOnlyObject};
  }
  if (needs_object(target.crate_types)) {
    return {when_object_is_needed(target.crate_types)};
  }
  return {Kind::kOnlyBitcode};
}

Lto below(const cargo::UnitGraph& graph, UnitId unit, const Lto& parent) {
  const auto& target = graph.target(unit);
  const auto mode = graph.units[unit].mode;
  static const std::vector<std::string> kBin{"bin"};
  const auto& types = mode == CompileMode::kTest || mode == CompileMode::kDoctest ? kBin : target.crate_types;
  if (target.for_host()) {
    return {Kind::kOnlyObject};
  }
  if (std::all_of(types.begin(), types.end(), can_lto)) {
    return of_profile(graph.profile(unit));
  }
  if (parent.kind == Kind::kOff) {
    return {Kind::kOff};
  }
  if (needs_object(types)) {
    const bool parent_wants_bitcode = parent.kind == Kind::kRun || parent.kind == Kind::kOnlyBitcode;
    return parent_wants_bitcode ? Lto{when_object_is_needed(types)} : parent;
  }
  return parent.kind == Kind::kRun ? Lto{Kind::kOnlyBitcode} : parent;
}

/// `fresh` is the value just computed; the order of the tests is cargo's.
Lto merge(const Lto& fresh, const Lto& stored) {
  if (fresh == stored) {
    return stored;
  }
  for (const auto* candidate : {&fresh, &stored}) {
    if (candidate->kind == Kind::kRun) {
      return *candidate;
    }
  }
  if (fresh.kind == Kind::kOff || stored.kind == Kind::kOff) {
    return {Kind::kOff};
  }
  return {Kind::kObjectAndBitcode};
}

}  // namespace

IdMap<UnitId, Lto> derive_lto(const cargo::UnitGraph& graph) {
  IdMap<UnitId, std::optional<Lto>> states(graph.units.size());
  struct Visit {
    UnitId unit;
    Lto parent;
  };
  // An explicit stack in depth-first order: a deep graph must not overflow ours.
  std::vector<Visit> stack;
  for (UnitId root : graph.roots) {
    stack.push_back({root, at_root(graph, root)});
    while (!stack.empty()) {
      auto [unit, parent] = std::move(stack.back());
      stack.pop_back();
      const Lto fresh = below(graph, unit, parent);
      const Lto merged = states[unit] ? merge(fresh, *states[unit]) : fresh;
      if (states[unit] == merged) {
        continue;
      }
      states[unit] = merged;
      const auto& dependencies = graph.units[unit].dependencies;
      for (auto it = dependencies.rbegin(); it != dependencies.rend(); ++it) {
        stack.push_back({it->unit, merged});
      }
    }
  }
  IdMap<UnitId, Lto> result(graph.units.size());
  for (std::uint32_t i = 0; i < graph.units.size(); ++i) {
    if (states[UnitId{i}]) {
      result[UnitId{i}] = *states[UnitId{i}];
    }
  }
  return result;
}

std::vector<std::string> lto_arguments(const Lto& lto) {
  switch (lto.kind) {
    case Kind::kRun:
      return {"-C", lto.name.empty() ? "lto" : "lto=" + lto.name};
    case Kind::kOff:
      return {"-C", "lto=off", "-C", "embed-bitcode=no"};
    case Kind::kOnlyBitcode:
      return {"-C", "linker-plugin-lto"};
    case Kind::kObjectAndBitcode:
      return {};
    case Kind::kOnlyObject:
      return {"-C", "embed-bitcode=no"};
  }
  return {};
}

}  // namespace pcargo::plan
