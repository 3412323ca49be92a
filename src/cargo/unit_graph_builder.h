// SPDX-License-Identifier: MIT OR Apache-2.0
// Puts units together one after the other and stores every shared value once. Does not know JSON.
#pragma once

#include "base/result.h"
#include "cargo/unit_graph.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pcargo::cargo {

/// One unit as read, before its values have found their places in the tables.
struct UnitDraft {
  std::string package_id;
  Target target;
  Profile profile;
  std::string platform;  ///< empty: the host
  CompileMode mode = CompileMode::kBuild;
  std::vector<std::string> features;
  bool is_std = false;
  std::vector<Dependency> dependencies;
};

class UnitGraphBuilder {
 public:
  UnitGraphBuilder();

  void add_unit(const UnitDraft& draft);
  void add_root(UnitId root) { graph_.roots.push_back(root); }
  CrateNameId crate_name(const std::string& name) { return names_.find_or_add(name, name, &graph_.crate_names); }

  /// The graph, once all indices are in range and nothing depends on itself.
  Result<UnitGraph> finish() &&;

 private:
  template <class Key, class Value>
  class Table {
   public:
    Key find_or_add(const std::string& key, const Value& value, IdMap<Key, Value>* values) {
      auto [entry, is_new] = ids_.try_emplace(key, Key{static_cast<std::uint32_t>(values->size())});
      if (is_new) {
        values->push_back(value);
      }
      return entry->second;
    }

   private:
    std::unordered_map<std::string, Key> ids_;
  };

  UnitGraph graph_;
  Table<PackageId, std::string> packages_;
  Table<TargetId, Target> targets_;
  Table<ProfileId, Profile> profiles_;
  Table<PlatformId, std::string> platforms_;
  Table<FeatureSetId, std::vector<std::string>> features_;
  Table<CrateNameId, std::string> names_;
  std::string key_;  ///< scratch
};

}  // namespace pcargo::cargo
