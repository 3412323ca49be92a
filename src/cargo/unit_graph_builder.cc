// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/unit_graph_builder.h"

#include <cstddef>
#include <optional>
#include <utility>

namespace pcargo::cargo {
namespace {

// Keys for the tables: no value holds a NUL (the reader refuses it), so that it can end each part.
void append(std::string* key, std::string_view part) {
  key->append(part);
  key->push_back('\0');
}

void append(std::string* key, bool part) {
  key->push_back(part ? 'y' : 'n');
}

void append(std::string* key, const std::vector<std::string>& parts) {
  append(key, std::to_string(parts.size()));
  for (const std::string& part : parts) {
    append(key, std::string_view(part));
  }
}

template <class T>
void append(std::string* key, const std::optional<T>& part) {
  append(key, part.has_value());
  if (part) {
    append(key, *part);
  }
}

void append(std::string* key, const std::optional<std::string>& part) {
  append(key, part.has_value());
  append(key, std::string_view(part ? *part : std::string()));
}

void append_target(std::string* key, const Target& target) {
  append(key, target.kind_names);
  append(key, target.crate_types);
  append(key, std::string_view(target.name));
  append(key, std::string_view(target.src_path));
  append(key, std::string_view(target.edition));
  append(key, target.required_features);
  append(key, target.doc);
  append(key, target.doctest);
  append(key, target.test);
}

void append_profile(std::string* key, const Profile& profile) {
  append(key, std::string_view(profile.name));
  append(key, std::string_view(profile.opt_level));
  append(key, std::string_view(profile.lto));
  append(key, profile.codegen_backend);
  append(key, std::string_view(profile.codegen_units ? std::to_string(*profile.codegen_units) : std::string()));
  append(key, std::string_view(profile.debuginfo));
  append(key, profile.debuginfo_is_given);
  append(key, profile.debuginfo_is_integer);
  append(key, profile.split_debuginfo);
  append(key, profile.debug_assertions);
  append(key, profile.overflow_checks);
  append(key, profile.rpath);
  append(key, profile.incremental);
  append(key, std::string_view(profile.panic));
  append(key, profile.strip.deferred);
  append(key, std::string_view(profile.strip.value));
  append(key, profile.rustflags);
  append(key, profile.trim_paths);
  append(key, profile.hint_mostly_unused);
}

std::string place_of(std::size_t unit) {
  return "units[" + std::to_string(unit) + "]";
}

std::optional<Error> find_index_out_of_range(const UnitGraph& graph) {
  const std::string count = " is out of range (" + std::to_string(graph.units.size()) + " units)";
  for (std::uint32_t unit = 0; unit < graph.units.size(); ++unit) {
    const std::vector<Dependency>& dependencies = graph.units[UnitId{unit}].dependencies;
    for (std::size_t i = 0; i < dependencies.size(); ++i) {
      if (!graph.units.contains(dependencies[i].unit)) {
        return Error{ErrorKind::kInput,
                     place_of(unit) + ".dependencies[" + std::to_string(i) +
                         "].index: " + std::to_string(dependencies[i].unit.value) + count};
      }
    }
  }
  for (std::size_t i = 0; i < graph.roots.size(); ++i) {
    if (!graph.units.contains(graph.roots[i])) {
      return Error{ErrorKind::kInput,
                   "roots[" + std::to_string(i) + "]: " + std::to_string(graph.roots[i].value) + count};
    }
  }
  return std::nullopt;
}

/// Walks the graph depth first without recursion: a chain may have a million units.
class CycleSearch {
 public:
  explicit CycleSearch(const UnitGraph& graph) : graph_(graph), states_(graph.units.size(), State::kNew) {}

  std::optional<Error> run() {
    for (std::uint32_t unit = 0; unit < graph_.units.size(); ++unit) {
      if (states_[UnitId{unit}] == State::kNew) {
        enter(UnitId{unit});
        if (auto error = walk()) {
          return error;
        }
      }
    }
    return std::nullopt;
  }

 private:
  enum class State : std::uint8_t { kNew, kOpen, kDone };
  struct Step {
    UnitId unit;
    std::size_t next = 0;
  };

  void enter(UnitId unit) {
    states_[unit] = State::kOpen;
    path_.push_back({unit});
  }

  std::optional<Error> walk() {
    while (!path_.empty()) {
      Step& step = path_.back();
      const std::vector<Dependency>& dependencies = graph_.units[step.unit].dependencies;
      if (step.next == dependencies.size()) {
        states_[step.unit] = State::kDone;
        path_.pop_back();
        continue;
      }
      const UnitId dependency = dependencies[step.next++].unit;
      if (states_[dependency] == State::kOpen) {
        return describe(dependency);
      }
      if (states_[dependency] == State::kNew) {
        enter(dependency);
      }
    }
    return std::nullopt;
  }

  Error describe(UnitId start) const {
    constexpr std::size_t kMostShown = 10;
    std::size_t first = path_.size();
    while (path_[first - 1].unit != start) {
      --first;
    }
    std::string message = place_of(start.value) + ".dependencies: a cycle: ";
    std::size_t shown = 0;
    for (std::size_t i = first - 1; i < path_.size(); ++i) {
      if (++shown > kMostShown) {
        message += "... (" + std::to_string(path_.size() - i) + " more) -> ";
        break;
      }
      message += name(path_[i].unit) + " -> ";
    }
    return {ErrorKind::kInput, message + name(start)};
  }

  std::string name(UnitId unit) const {
    return place_of(unit.value) + " (" + graph_.package_ids[graph_.units[unit].package] + ")";
  }

  const UnitGraph& graph_;
  IdMap<UnitId, State> states_;
  std::vector<Step> path_;
};

}  // namespace

UnitGraphBuilder::UnitGraphBuilder() {
  platforms_.find_or_add("", "", &graph_.platforms);
}

void UnitGraphBuilder::add_unit(const UnitDraft& draft) {
  Unit unit;
  unit.package = packages_.find_or_add(draft.package_id, draft.package_id, &graph_.package_ids);
  key_.clear();
  append_target(&key_, draft.target);
  unit.target = targets_.find_or_add(key_, draft.target, &graph_.targets);
  key_.clear();
  append_profile(&key_, draft.profile);
  unit.profile = profiles_.find_or_add(key_, draft.profile, &graph_.profiles);
  unit.platform = platforms_.find_or_add(draft.platform, draft.platform, &graph_.platforms);
  key_.clear();
  append(&key_, draft.features);
  unit.features = features_.find_or_add(key_, draft.features, &graph_.feature_sets);
  unit.mode = draft.mode;
  unit.is_std = draft.is_std;
  // A copy has no room to spare, unlike the draft that is filled again and again.
  unit.dependencies = draft.dependencies;
  graph_.units.push_back(std::move(unit));
}

Result<UnitGraph> UnitGraphBuilder::finish() && {
  if (auto error = find_index_out_of_range(graph_)) {
    return *std::move(error);
  }
  if (auto error = CycleSearch(graph_).run()) {
    return *std::move(error);
  }
  return std::move(graph_);
}

}  // namespace pcargo::cargo
