// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/unit_graph_writer.h"

#include <nlohmann/json.hpp>

namespace pcargo::cargo {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

// Each takes its struct apart first: a field that is forgotten here does not compile.

Json to_json(const Target& target) {
  const auto& [kind, kind_names, crate_types, name, src_path, edition, required_features, doc, doctest, test] = target;
  (void)kind;  // one of kind_names says it
  Json json = {{"kind", kind_names}, {"crate_types", crate_types}, {"name", name}};
  json["src_path"] = src_path.empty() ? Json() : Json(src_path);
  json["edition"] = edition;
  if (required_features) {
    json["required-features"] = *required_features;
  }
  json["doc"] = doc;
  json["doctest"] = doctest;
  json["test"] = test;
  return json;
}

Json to_json(const Strip& strip) {
  const auto& [deferred, value] = strip;
  return {{deferred ? "deferred" : "resolved", value == "None" ? Json(value) : Json{{"Named", value}}}};
}

Json to_json(const Profile& profile) {
  const auto& [name,
               opt_level,
               lto,
               codegen_backend,
               codegen_units,
               debuginfo,
               debuginfo_is_given,
               debuginfo_is_integer,
               split_debuginfo,
               debug_assertions,
               overflow_checks,
               rpath,
               incremental,
               panic,
               strip,
               rustflags,
               trim_paths,
               hint_mostly_unused] = profile;
  Json json = {{"name", name}, {"opt_level", opt_level}, {"lto", lto}};
  json["codegen_backend"] = or_null(codegen_backend);
  json["codegen_units"] = or_null(codegen_units);
  json["debuginfo"] = !debuginfo_is_given ? Json() : debuginfo_is_integer ? Json::parse(debuginfo) : Json(debuginfo);
  json["split_debuginfo"] = or_null(split_debuginfo);
  json["debug_assertions"] = debug_assertions;
  json["overflow_checks"] = overflow_checks;
  json["rpath"] = rpath;
  json["incremental"] = incremental;
  json["panic"] = panic;
  json["strip"] = to_json(strip);
  if (!rustflags.empty()) {
    json["rustflags"] = rustflags;
  }
  if (trim_paths) {
    json["trim_paths"] = Json::parse(*trim_paths);
  }
  if (hint_mostly_unused) {
    json["hint_mostly_unused"] = Json::parse(*hint_mostly_unused);
  }
  return json;
}

Json to_json(const UnitGraph& graph, const Dependency& dependency) {
  const auto& [unit, extern_crate_name, is_public, noprelude, nounused] = dependency;
  Json json = {{"index", unit.value}, {"extern_crate_name", graph.crate_names[extern_crate_name]}};
  if (is_public) {
    json["public"] = *is_public;
  }
  if (noprelude) {
    json["noprelude"] = true;
  }
  if (nounused) {
    json["nounused"] = true;
  }
  return json;
}

Json to_json(const UnitGraph& graph, UnitId id) {
  const auto& [package, target, profile, platform, features, mode, is_std, dependencies] = graph.units[id];
  Json json = {{"pkg_id", graph.package_ids[package]},
               {"target", to_json(graph.targets[target])},
               {"profile", to_json(graph.profiles[profile])}};
  json["platform"] = platform == kHostPlatform ? Json() : Json(graph.platforms[platform]);
  json["mode"] = mode_name(mode);
  json["features"] = graph.feature_sets[features];
  if (is_std) {
    json["is_std"] = true;
  }
  json["dependencies"] = Json::array();
  for (const Dependency& dependency : dependencies) {
    json["dependencies"].push_back(to_json(graph, dependency));
  }
  return json;
}

}  // namespace

nlohmann::ordered_json unit_graph_to_json(const UnitGraph& graph) {
  Json json = {{"version", 1}, {"units", Json::array()}, {"roots", Json::array()}};
  for (std::uint32_t i = 0; i < graph.units.size(); ++i) {
    json["units"].push_back(to_json(graph, UnitId{i}));
  }
  for (const UnitId root : graph.roots) {
    json["roots"].push_back(root.value);
  }
  return json;
}

}  // namespace pcargo::cargo
