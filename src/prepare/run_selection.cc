// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/run_selection.h"

#include "base/path.h"
#include "prepare/planner.h"

#include <algorithm>
#include <optional>

namespace pcargo::prepare {
namespace {

using cargo::Target;
using cargo::TargetKind;
using cargo::WorkspaceMember;

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// The packages of -p, or the default members. nullopt: written in a way that only cargo reads.
std::optional<std::vector<const WorkspaceMember*>> selected_packages(const cargo::WorkspaceMetadata& metadata,
                                                                     const std::vector<std::string>& specs) {
  std::vector<const WorkspaceMember*> packages;
  if (specs.empty() && metadata.default_members.empty()) {
    return std::nullopt;
  }
  if (specs.empty()) {
    for (const std::string& id : metadata.default_members) {
      if (const WorkspaceMember* member = metadata.find_member(id)) {
        packages.push_back(member);
      }
    }
    return packages;
  }
  for (const std::string& spec : specs) {
    auto found = std::find_if(metadata.members.begin(), metadata.members.end(), [&spec](const WorkspaceMember& member) {
      return spec == member.name || spec == member.name + "@" + member.version;
    });
    if (found == metadata.members.end()) {
      return std::nullopt;
    }
    packages.push_back(&*found);
  }
  return packages;
}

struct Filter {
  std::vector<std::string> bins;
  std::vector<std::string> examples;

  bool is_specific() const { return !bins.empty() || !examples.empty(); }
  bool selects(const Target& target) const {
    if (!is_specific()) {
      return target.kind == TargetKind::kBin;
    }
    return (target.kind == TargetKind::kBin && contains(bins, target.name)) ||
           (target.kind == TargetKind::kExample && contains(examples, target.name));
  }
};

}  // namespace

std::vector<std::string> default_members(const cargo::WorkspaceMetadata& metadata,
                                         const std::string& current_manifest,
                                         bool root_names_them) {
  std::vector<std::string> all;
  for (const WorkspaceMember& member : metadata.members) {
    all.push_back(member.id);
  }
  const bool is_root = current_manifest == path::join(metadata.workspace_root, "Cargo.toml");
  if (is_root && root_names_them) {
    return {};
  }
  const auto current =
      std::find_if(metadata.members.begin(), metadata.members.end(), [&](const WorkspaceMember& member) {
        return member.manifest_path == current_manifest;
      });
  return current == metadata.members.end() ? all : std::vector<std::string>{current->id};
}

RunSelection select_run_target(const cargo::WorkspaceMetadata& metadata, const std::vector<std::string>& arguments) {
  using Kind = RunSelection::Kind;
  Filter filter{option_values(arguments, "--bin"), option_values(arguments, "--example")};
  auto has_glob = [](const std::string& word) { return word.find_first_of("*?[]") != std::string::npos; };
  auto specs = option_values(arguments, "--package", 'p');
  for (const auto* words : {&filter.bins, &filter.examples, &specs}) {
    if (std::any_of(words->begin(), words->end(), has_glob)) {
      return {Kind::kCargoRefuses, {}};
    }
  }
  auto packages = selected_packages(metadata, specs);
  if (!packages) {
    return {Kind::kUnclear, {}};
  }

  RunSelection selection;
  if (!filter.is_specific()) {
    std::vector<std::string> default_runs;
    for (const WorkspaceMember* package : *packages) {
      if (package->default_run) {
        default_runs.push_back(*package->default_run);
      }
    }
    if (default_runs.size() == 1) {
      filter.bins = default_runs;
      selection.flags = {"--bin", default_runs[0]};
    }
  }

  std::vector<const Target*> targets;
  for (const WorkspaceMember* package : *packages) {
    for (const Target& target : package->targets) {
      if (filter.selects(target)) {
        targets.push_back(&target);
      }
    }
  }
  bool is_library = targets.size() == 1 && !contains(targets[0]->crate_types, "bin");
  if (targets.size() != 1 || is_library) {
    return {Kind::kCargoRefuses, {}};
  }
  // Without a filter `build` passes over a program whose features are missing, `run` names it.
  if (!filter.is_specific() && targets[0]->required_features && !targets[0]->required_features->empty()) {
    return {Kind::kUnclear, {}};
  }
  return selection;
}

}  // namespace pcargo::prepare
