// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/metadata_reader.h"

#include "cargo/json_reader.h"
#include "cargo/unit_graph_values.h"

#include <utility>

namespace pcargo::cargo {
namespace {

using namespace json_shape;  // NOLINT: the tables are made of its words
using unit_graph_format::TargetField;

// Objects and arrays of the format that are of use. The order is that of kPlaces.
namespace at {
enum : Where { kMetadata = kDocument + 1, kPackages, kPackage, kTargets, kTarget, kStrings };
}  // namespace at

enum MetadataField : unsigned {
  kPackages,
  kWorkspaceRoot,
  kTargetDirectory,
  kBuildDirectory,
  kDefaultMembers,
  kVersion
};
constexpr Field kMetadataFields[] = {
    {"packages", kArray, true, at::kPackages},
    {"workspace_root", kString, true},
    {"target_directory", kString, true},
    {"build_directory", kString | kNull, false},
    {"workspace_default_members", kArray | kNull, false, at::kStrings},
    {"version", kIndex, true},
};

enum PackageField : unsigned { kId, kName, kPackageVersion, kManifestPath, kDefaultRun, kTargets };
constexpr Field kPackageFields[] = {
    {"id", kString, true},
    {"name", kString, true},
    {"version", kString, true},
    {"manifest_path", kString, true},
    {"default_run", kString | kNull, false},
    {"targets", kArray, true, at::kTargets},
};

// A target is written as in the unit graph: the order is that of TargetField.
constexpr Field kTargetFields[] = {
    {"kind", kArray, true, at::kStrings},
    {"crate_types", kArray, true, at::kStrings},
    {"name", kString, true},
    {"src_path", kString | kNull, false},
    {"edition", kString, true},
    {"required-features", kArray | kNull, false, at::kStrings},
    {"doc", kBoolean | kNull, false},
    {"doctest", kBoolean | kNull, false},
    {"test", kBoolean | kNull, false},
};

constexpr Place kPlaces[] = {
    {},                            // kSkipped
    {{}, kObject, at::kMetadata},  // kDocument
    {fields(kMetadataFields)},     // kMetadata
    {{}, kObject, at::kPackage},   // kPackages
    {fields(kPackageFields)},      // kPackage
    {{}, kObject, at::kTarget},    // kTargets
    {fields(kTargetFields)},       // kTarget
    {{}, kString},                 // kStrings
};

std::optional<std::string> optional_text(Scalar& value) {
  return value.kind == kNull ? std::nullopt : std::optional<std::string>(std::move(value.text));
}

class MetadataReader : private JsonReader {
 public:
  MetadataReader() : JsonReader("metadata", kPlaces) {}

  Result<WorkspaceMetadata> read(std::string_view json) && {
    PCARGO_TRY(walk(json));
    return std::move(metadata_);
  }

 private:
  void enter(Where where, Where from) override;
  bool leave(Where where) override;
  bool value(Where where, Scalar& value) override;
  bool store_metadata(Scalar& value);
  bool store_package(Scalar& value);
  bool store_path(Scalar& value, std::string* path);

  WorkspaceMetadata metadata_;
  WorkspaceMember member_;
  Target target_;
  std::vector<std::string>* strings_ = nullptr;  // the list being read
};

void MetadataReader::enter(Where where, Where from) {
  if (where == at::kPackage) {
    member_ = WorkspaceMember();
  } else if (where == at::kTarget) {
    target_ = Target();
  } else if (where == at::kStrings && from == at::kMetadata) {
    strings_ = &metadata_.default_members;
  } else if (where == at::kStrings) {
    const unsigned number = field_number();
    strings_ = number == TargetField::kKind         ? &target_.kind_names
               : number == TargetField::kCrateTypes ? &target_.crate_types
                                                    : &target_.required_features.emplace();
  }
}

bool MetadataReader::leave(Where where) {
  if (where == at::kTarget) {
    unit_graph_format::infer_kind(&target_);
    member_.targets.push_back(target_);
  } else if (where == at::kPackage) {
    // A copy has no room to spare, unlike the member that was filled bit by bit.
    metadata_.members.push_back(member_);
  }
  return true;
}

bool MetadataReader::value(Where where, Scalar& value) {
  switch (where) {
    case at::kMetadata:
      return store_metadata(value);
    case at::kPackage:
      return store_package(value);
    case at::kTarget:
      return accept(unit_graph_format::store_target(static_cast<TargetField>(field_number()), value, &target_));
    case at::kStrings:
      strings_->push_back(std::move(value.text));
      return true;
    default:
      return true;  // the others take no scalars
  }
}

bool MetadataReader::store_metadata(Scalar& value) {
  switch (field_number()) {
    case kWorkspaceRoot:
      return store_path(value, &metadata_.workspace_root);
    case kTargetDirectory:
      return store_path(value, &metadata_.target_directory);
    case kBuildDirectory:
      metadata_.build_directory = optional_text(value);
      return true;
    case kVersion:
      return value.number == 1 || fail(value.text + " is not supported; this pcargo reads version 1");
    default:
      return true;
  }
}

bool MetadataReader::store_package(Scalar& value) {
  switch (field_number()) {
    case kId:
      member_.id = std::move(value.text);
      return true;
    case kName:
      member_.name = std::move(value.text);
      return true;
    case kPackageVersion:
      member_.version = std::move(value.text);
      return true;
    case kManifestPath:
      return store_path(value, &member_.manifest_path);
    case kDefaultRun:
      member_.default_run = optional_text(value);
      return true;
    default:
      return true;
  }
}

bool MetadataReader::store_path(Scalar& value, std::string* path) {
  *path = std::move(value.text);
  return (!path->empty() && path->front() == '/') || fail("expected an absolute path");
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

Result<WorkspaceMetadata> read_metadata(std::string_view json) {
  return MetadataReader().read(json);
}

}  // namespace pcargo::cargo
