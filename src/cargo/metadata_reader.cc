// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/metadata_reader.h"

#include "cargo/unit_graph_values.h"

#include <nlohmann/json.hpp>

namespace pcargo::cargo {
namespace {

using nlohmann::json;

Error error_at(const std::string& place, const std::string& what) {
  return {ErrorKind::kInput, place + ": " + what};
}

/// One object and where it stands, for messages.
struct Object {
  const json& value;
  std::string place;

  std::string place_of(const char* name) const { return place.empty() ? name : place + "." + name; }
  const json* find(const char* name) const {
    const auto field = value.find(name);
    return field == value.end() || field->is_null() ? nullptr : &*field;
  }
};

Result<std::optional<std::string>> optional_string(const Object& object, const char* name) {
  const json* field = object.find(name);
  if (field == nullptr) {
    return std::optional<std::string>();
  }
  if (!field->is_string()) {
    return error_at(object.place_of(name), std::string("expected a string, found ") + field->type_name());
  }
  return std::optional<std::string>(field->get_ref<const std::string&>());
}

Result<std::string> string(const Object& object, const char* name) {
  PCARGO_ASSIGN(auto text, optional_string(object, name));
  if (!text) {
    return error_at(object.place_of(name), "missing");
  }
  return *std::move(text);
}

Result<std::string> absolute_path(const Object& object, const char* name) {
  PCARGO_ASSIGN(std::string path, string(object, name));
  if (path.empty() || path.front() != '/') {
    return error_at(object.place_of(name), "expected an absolute path");
  }
  return path;
}

Result<const json*> array(const Object& object, const char* name) {
  const json* field = object.find(name);
  if (field == nullptr) {
    return error_at(object.place_of(name), "missing");
  }
  if (!field->is_array()) {
    return error_at(object.place_of(name), std::string("expected an array, found ") + field->type_name());
  }
  return field;
}

Result<std::vector<std::string>> strings(const Object& object, const char* name) {
  PCARGO_ASSIGN(const json* list, array(object, name));
  std::vector<std::string> values;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const json& element = (*list)[i];
    if (!element.is_string()) {
      return error_at(object.place_of(name) + "[" + std::to_string(i) + "]",
                      std::string("expected a string, found ") + element.type_name());
    }
    values.push_back(element.get<std::string>());
  }
  return values;
}

bool is_true(const Object& object, const char* name) {
  const json* field = object.find(name);
  return field != nullptr && field->is_boolean() && field->get<bool>();
}

Result<Target> read_target(const Object& object) {
  Target target;
  PCARGO_ASSIGN(target.kind_names, strings(object, "kind"));
  PCARGO_ASSIGN(target.crate_types, strings(object, "crate_types"));
  PCARGO_ASSIGN(target.name, string(object, "name"));
  PCARGO_ASSIGN(auto src_path, optional_string(object, "src_path"));
  target.src_path = src_path.value_or("");
  PCARGO_ASSIGN(target.edition, string(object, "edition"));
  if (object.find("required-features") != nullptr) {
    PCARGO_ASSIGN(target.required_features, strings(object, "required-features"));
  }
  target.doc = is_true(object, "doc");
  target.doctest = is_true(object, "doctest");
  target.test = is_true(object, "test");
  unit_graph_format::infer_kind(&target);
  return target;
}

/// Calls `read` with every element of an array of objects.
template <class Read>
Result<void> for_each_object(const Object& object, const char* name, Read read) {
  PCARGO_ASSIGN(const json* list, array(object, name));
  for (std::size_t i = 0; i < list->size(); ++i) {
    const Object element{(*list)[i], object.place_of(name) + "[" + std::to_string(i) + "]"};
    if (!element.value.is_object()) {
      return error_at(element.place, std::string("expected an object, found ") + element.value.type_name());
    }
    PCARGO_TRY(read(element));
  }
  return {};
}

Result<WorkspaceMember> read_member(const Object& object) {
  WorkspaceMember member;
  PCARGO_ASSIGN(member.id, string(object, "id"));
  PCARGO_ASSIGN(member.name, string(object, "name"));
  PCARGO_ASSIGN(member.version, string(object, "version"));
  PCARGO_ASSIGN(member.manifest_path, absolute_path(object, "manifest_path"));
  PCARGO_ASSIGN(member.default_run, optional_string(object, "default_run"));
  PCARGO_TRY(for_each_object(object, "targets", [&](const Object& element) -> Result<void> {
    PCARGO_ASSIGN(Target target, read_target(element));
    member.targets.push_back(std::move(target));
    return {};
  }));
  return member;
}

}  // namespace

const WorkspaceMember* WorkspaceMetadata::find_member(std::string_view id) const {
  for (const WorkspaceMember& member : members) {
    if (member.id == id) {
      return &member;
    }
  }
  return nullptr;
}

Result<WorkspaceMetadata> read_metadata(std::string_view text) {
  const json document = json::parse(text.begin(), text.end(), nullptr, false);
  if (document.is_discarded()) {
    return Error{ErrorKind::kInput, "metadata: not JSON"};
  }
  if (!document.is_object()) {
    return Error{ErrorKind::kInput, std::string("metadata: expected an object, found ") + document.type_name()};
  }
  const Object root{document, ""};
  if (const json* version = root.find("version"); version == nullptr || *version != 1) {
    return error_at("version",
                    (version == nullptr ? "missing" : version->dump() + " is not supported") +
                        std::string("; this pcargo reads version 1"));
  }
  WorkspaceMetadata metadata;
  PCARGO_ASSIGN(metadata.workspace_root, absolute_path(root, "workspace_root"));
  PCARGO_ASSIGN(metadata.target_directory, absolute_path(root, "target_directory"));
  PCARGO_ASSIGN(metadata.build_directory, optional_string(root, "build_directory"));
  if (root.find("workspace_default_members") != nullptr) {
    PCARGO_ASSIGN(metadata.default_members, strings(root, "workspace_default_members"));
  }
  PCARGO_TRY(for_each_object(root, "packages", [&](const Object& element) -> Result<void> {
    PCARGO_ASSIGN(WorkspaceMember member, read_member(element));
    metadata.members.push_back(std::move(member));
    return {};
  }));
  return metadata;
}

}  // namespace pcargo::cargo
