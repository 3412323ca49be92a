// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/manifest_store.h"

#include "base/path.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace pcargo::cargo {
namespace {

/// The path in `package.workspace`; nullptr if there is none.
const std::string* root_pointer(const ManifestFile& manifest) {
  const TomlValue* package = manifest.package();
  const TomlValue* pointer = package == nullptr ? nullptr : package->find("workspace");
  return pointer != nullptr && pointer->is_string() ? &pointer->string : nullptr;
}

std::string manifest_at_pointer(const ManifestFile& manifest, const std::string& pointer) {
  return path::normalize(path::join(path::join(manifest.root, pointer), "Cargo.toml"));
}

bool lists_directory_of(const ManifestFile& root, const char* list_name, const std::string& manifest_path) {
  const TomlValue* list = root.toml.find("workspace")->find(list_name);
  return list != nullptr && std::any_of(list->array.begin(), list->array.end(), [&](const TomlValue& directory) {
           return directory.is_string() && path::is_within(manifest_path, path::join(root.root, directory.string));
         });
}

bool excludes(const ManifestFile& root, const std::string& manifest_path) {
  return lists_directory_of(root, "exclude", manifest_path) && !lists_directory_of(root, "members", manifest_path);
}

}  // namespace

const TomlValue* ManifestFile::package() const {
  const TomlValue* table = toml.find("package");
  return table != nullptr ? table : toml.find("project");
}

Result<const ManifestFile*> ManifestStore::find(const std::string& path) {
  if (const auto known = manifests_.find(path); known != manifests_.end()) {
    return static_cast<const ManifestFile*>(known->second.get());
  }
  PCARGO_ASSIGN(const std::optional<std::string> text, files_.read(path));
  std::unique_ptr<ManifestFile> manifest;
  if (text) {
    auto toml = parse_toml(*text);
    if (!toml) {
      return std::move(toml).error().context("failed to parse manifest at `" + path + "`");
    }
    manifest = std::make_unique<ManifestFile>(ManifestFile{path, std::string(path::parent(path)), *std::move(toml)});
  }
  return static_cast<const ManifestFile*>(manifests_.emplace(path, std::move(manifest)).first->second.get());
}

Result<const ManifestFile*> ManifestStore::load(const std::string& path) {
  PCARGO_ASSIGN(const ManifestFile* manifest, find(path));
  if (manifest == nullptr) {
    return Error{ErrorKind::kInput, "failed to read `" + path + "`", {"No such file or directory (os error 2)"}};
  }
  return manifest;
}

Result<const ManifestFile*> ManifestStore::workspace_root_of(const ManifestFile& manifest) {
  if (manifest.toml.find("workspace") != nullptr) {
    return &manifest;
  }
  const ManifestFile* root = nullptr;
  if (const std::string* pointer = root_pointer(manifest)) {
    PCARGO_ASSIGN(root, load(manifest_at_pointer(manifest, *pointer)));
  } else {
    PCARGO_ASSIGN(root, search_upwards(manifest));
  }
  if (root->toml.find("workspace") == nullptr) {
    return Error{ErrorKind::kInput, "root of a workspace inferred but wasn't a root: " + root->path};
  }
  return root;
}

void ManifestStore::forget(const ManifestFile& manifest) {
  if (manifest.toml.find("workspace") == nullptr) {
    manifests_.erase(manifests_.find(manifest.path));
  }
}

Result<const ManifestFile*> ManifestStore::search_upwards(const ManifestFile& manifest) {
  std::string_view directory = manifest.root;
  while (directory != path::parent(directory)) {
    const std::string_view below = std::exchange(directory, path::parent(directory));
    const bool is_packaging =
        path::file_name(directory) == "package" && path::file_name(path::parent(directory)) == "target";
    if (directory.empty() || is_packaging || (below == cargo_home_ && below != manifest.root)) {
      break;
    }
    PCARGO_ASSIGN(const ManifestFile* candidate, find(path::join(directory, "Cargo.toml")));
    if (candidate == nullptr) {
      continue;
    }
    if (candidate->toml.find("workspace") != nullptr) {
      if (!excludes(*candidate, manifest.path)) {
        return candidate;
      }
    } else if (const std::string* pointer = root_pointer(*candidate)) {
      return load(manifest_at_pointer(*candidate, *pointer));
    }
  }
  return Error{ErrorKind::kInput, "failed to find a workspace root"};
}

}  // namespace pcargo::cargo
