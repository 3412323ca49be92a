// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/build_plan_packages.h"

#include "base/path.h"
#include "cargo/manifest_fields.h"
#include "cargo/package_spec.h"
#include "cargo/text.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace pcargo::cargo {
namespace {

std::string underscored(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

Error mistake(const std::string& what) {
  return {ErrorKind::kInput, what};
}

}  // namespace

BuildPlanPackages::BuildPlanPackages(const BuildPlanContext& context)
    : context_(context), manifests_(context.files, "") {
  for (const WorkspaceMember& member : context.metadata.members) {
    members_.emplace(path::parent(member.manifest_path), &member);
  }
}

Result<std::string> BuildPlanPackages::id_of(const PlannedPackage& package, bool is_path) {
  if (const WorkspaceMember* member = member_in(package.root)) {
    if (member->name != package.name || member->version != package.version) {
      return mistake("`" + package.name + " v" + package.version + "`, but its directory holds `" + member->name +
                     " v" + member->version + "`");
    }
    return to_url_form(member->id);
  }
  std::string url = "path+" + file_url(package.root);
  if (!is_path) {
    PCARGO_TRY(read_lock_file());
    const auto locked = locked_->find({package.name, package.version});
    if (locked == locked_->end() || !locked->second.is_alone) {
      return mistake("Cargo.lock has " + std::string(locked == locked_->end() ? "no" : "more than one") +
                     " source of `" + package.name + " v" + package.version + "`");
    }
    url = locked->second.source;
  }
  url.resize(std::min(url.size(), url.find('#')));  // the commit of a git source
  return package_id(url, package.name, package.version);
}

Result<Target> BuildPlanPackages::complete(const PlannedPackage& package, Target drafted) {
  if (const WorkspaceMember* member = member_in(package.root)) {
    return of_member(*member, drafted);
  }
  if (drafted.is_custom_build()) {
    const std::string crate_name = drafted.name;
    drafted.name = "build-script-" + std::string(path::file_stem(drafted.src_path));
    if (drafted.crate_name() != crate_name) {
      return mistake("a build script from `" + drafted.src_path + "` is not called `" + crate_name + "`");
    }
    return drafted;
  }
  if (drafted.is_library()) {
    return library(package, std::move(drafted));
  }
  return mistake("only members of the workspace have targets of kind `" + drafted.kind_names.front() + "`");
}

Result<Target> BuildPlanPackages::overridden_script(const PlannedPackage& package, const std::string& edition) {
  if (const WorkspaceMember* member = member_in(package.root)) {
    const auto script = std::find_if(member->targets.begin(), member->targets.end(), [](const Target& target) {
      return target.kind_names == std::vector<std::string>{"custom-build"};
    });
    return script == member->targets.end() ? Result<Target>(mistake("the package has no build script")) : *script;
  }
  PCARGO_ASSIGN(const ManifestFile* file, manifest(package));
  PCARGO_ASSIGN(const auto build, optional_string(file->package()->find("build"), "package.build"));
  Target target;
  target.kind = TargetKind::kCustomBuild;
  target.kind_names = {"custom-build"};
  target.crate_types = {"bin"};
  target.src_path = path::join(package.root, build.value_or("build.rs"));
  target.name = "build-script-" + std::string(path::file_stem(target.src_path));
  target.edition = edition;
  return target;
}

const WorkspaceMember* BuildPlanPackages::member_in(const std::string& root) const {
  const auto found = members_.find(root);
  return found == members_.end() ? nullptr : found->second;
}

Result<Target> BuildPlanPackages::of_member(const WorkspaceMember& member, const Target& drafted) const {
  const auto found = std::find_if(member.targets.begin(), member.targets.end(), [&](const Target& target) {
    return target.kind_names == drafted.kind_names && target.crate_name() == drafted.name &&
           target.src_path == drafted.src_path;
  });
  if (found == member.targets.end()) {
    return mistake("`" + member.name + "` has no target `" + drafted.name + "` with the source `" + drafted.src_path +
                   "`");
  }
  return *found;
}

/// What only the manifest says of a dependency's library.
Result<Target> BuildPlanPackages::library(const PlannedPackage& package, Target drafted) {
  PCARGO_ASSIGN(const ManifestFile* file, manifest(package));
  const TomlValue* table = file->toml.find("lib");
  const auto find = [&](std::string_view key) { return table == nullptr ? nullptr : table->find(key); };
  PCARGO_ASSIGN(const auto name, optional_string(find("name"), "lib.name"));
  PCARGO_ASSIGN(const auto doc, optional_boolean(find("doc"), "lib.doc"));
  PCARGO_ASSIGN(const auto doctest, optional_boolean(find("doctest"), "lib.doctest"));
  PCARGO_ASSIGN(const auto test, optional_boolean(find("test"), "lib.test"));
  const std::string crate_name = drafted.name;
  drafted.name = name                                             ? *name
                 : context_.capabilities.names_library_by_package ? package.name
                                                                  : underscored(package.name);
  drafted.doc = doc.value_or(true);
  drafted.doctest = doctest.value_or(true) && (drafted.has_crate_type("lib") || drafted.has_crate_type("rlib") ||
                                               drafted.has_crate_type("proc-macro"));
  drafted.test = test.value_or(true);
  if (drafted.crate_name() != crate_name) {
    return mistake("the library of `" + package.name + "` is called `" + drafted.name + "`, not `" + crate_name + "`");
  }
  return drafted;
}

Result<const ManifestFile*> BuildPlanPackages::manifest(const PlannedPackage& package) {
  PCARGO_ASSIGN(const ManifestFile* file, manifests_.load(path::join(package.root, "Cargo.toml")));
  if (file->package() == nullptr) {
    return mistake("no package in `" + file->path + "`");
  }
  return file;
}

Result<void> BuildPlanPackages::read_lock_file() {
  if (locked_) {
    return {};
  }
  auto lock = parse_toml(context_.lock_file);
  if (!lock) {
    return std::move(lock).error().context("failed to parse Cargo.lock");
  }
  locked_.emplace();
  const TomlValue* packages = lock->find("package");
  for (const TomlValue& package : packages == nullptr ? TomlValue::Array() : packages->array) {
    const TomlValue* name = package.find("name");
    const TomlValue* version = package.find("version");
    const TomlValue* source = package.find("source");
    if (name != nullptr && version != nullptr && source != nullptr) {
      const auto [place, is_new] = locked_->try_emplace({name->string, version->string}, Locked{source->string});
      place->second.is_alone = is_new;
    }
  }
  return {};
}

}  // namespace pcargo::cargo
