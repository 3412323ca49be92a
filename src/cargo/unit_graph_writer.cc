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

Json to_json(const Target& target) {
  Json json = {{"kind", target.kind_names}, {"crate_types", target.crate_types}, {"name", target.name}};
  json["src_path"] = target.src_path.empty() ? Json() : Json(target.src_path);
  json["edition"] = target.edition;
  if (target.required_features) {
    json["required-features"] = *target.required_features;
  }
  json["doc"] = target.doc;
  json["doctest"] = target.doctest;
  json["test"] = target.test;
  return json;
}

Json to_json(const Strip& strip) {
  const Json value = strip.value == "None" ? Json(strip.value) : Json{{"Named", strip.value}};
  return {{strip.deferred ? "deferred" : "resolved", value}};
}

Json to_json(const Profile& profile) {
  Json json = {{"name", profile.name}, {"opt_level", profile.opt_level}, {"lto", profile.lto}};
  json["codegen_backend"] = or_null(profile.codegen_backend);
  json["codegen_units"] = or_null(profile.codegen_units);
  json["debuginfo"] = profile.debuginfo_is_integer ? Json::parse(profile.debuginfo) : Json(profile.debuginfo);
  json["split_debuginfo"] = or_null(profile.split_debuginfo);
  json["debug_assertions"] = profile.debug_assertions;
  json["overflow_checks"] = profile.overflow_checks;
  json["rpath"] = profile.rpath;
  json["incremental"] = profile.incremental;
  json["panic"] = profile.panic;
  json["strip"] = to_json(profile.strip);
  if (!profile.rustflags.empty()) {
    json["rustflags"] = profile.rustflags;
  }
  if (profile.trim_paths) {
    json["trim_paths"] = Json::parse(*profile.trim_paths);
  }
  if (profile.hint_mostly_unused) {
    json["hint_mostly_unused"] = Json::parse(*profile.hint_mostly_unused);
  }
  return json;
}

Json to_json(const UnitGraph& graph, const Dependency& dependency) {
  Json json = {{"index", dependency.unit.value},
               {"extern_crate_name", graph.crate_names[dependency.extern_crate_name]}};
  if (dependency.is_public) {
    json["public"] = *dependency.is_public;
  }
  if (dependency.noprelude) {
    json["noprelude"] = true;
  }
  if (dependency.nounused) {
    json["nounused"] = true;
  }
  return json;
}

Json to_json(const UnitGraph& graph, UnitId id) {
  const Unit& unit = graph.units[id];
  Json json = {{"pkg_id", graph.package_ids[unit.package]},
               {"target", to_json(graph.target(id))},
               {"profile", to_json(graph.profile(id))}};
  json["platform"] = graph.platform(id).empty() ? Json() : Json(graph.platform(id));
  json["mode"] = mode_name(unit.mode);
  json["features"] = graph.features(id);
  if (unit.is_std) {
    json["is_std"] = true;
  }
  json["dependencies"] = Json::array();
  for (const Dependency& dependency : unit.dependencies) {
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
