// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/manifest.h"

#include "base/path.h"
#include "cargo/manifest_features.h"
#include "cargo/manifest_fields.h"
#include "cargo/manifest_lints.h"
#include "cargo/manifest_targets.h"
#include "cargo/text.h"

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace pcargo::cargo {
namespace {

/// `target` as seen from `base`; both absolute and normal.
std::string relative_path(std::string_view target, std::string_view base) {
  std::string up;
  while (!path::is_within(target, base)) {
    base = path::parent(base);
    up += up.empty() ? ".." : "/..";
  }
  const std::string_view down = *path::strip_prefix(target, base);
  return up.empty() || down.empty() ? up + std::string(down) : up + "/" + std::string(down);
}

class ManifestReader {
 public:
  ManifestReader(const ManifestFile& manifest, ManifestStore* store) : manifest_(manifest), store_(store) {}

  Result<Package> read(const WorkspaceMember* member);
  Result<std::string> version();

 private:
  /// A value of [package], or the one of [workspace.package] that stands for it.
  struct Field {
    const TomlValue* value = nullptr;
    bool is_inherited = false;
  };

  const TomlValue& package() const { return *manifest_.package(); }
  Result<Field> field(std::string_view key);
  Result<const TomlValue*> find_inherited(std::string_view key);
  Result<std::string> string(std::string_view key);
  Result<std::optional<std::string>> optional(std::string_view key);
  Result<std::string> authors();
  Result<std::string> readme();
  Result<std::string> license_file();
  Result<std::optional<std::string>> readme_below(const std::string& root, const TomlValue* value) const;
  Result<std::string> rebased(const std::string& relative);
  Result<std::vector<std::string>> lints();
  Error not_inheritable(std::string_view key, std::string_view why) const;

  const ManifestFile& manifest_;
  ManifestStore* store_;
};

Error ManifestReader::not_inheritable(std::string_view key, std::string_view why) const {
  const std::string name(key);
  return {ErrorKind::kInput,
          "error inheriting `" + name + "` from workspace root manifest's `workspace.package." + name + "`",
          {std::string(why)}};
}

/// nullptr if the workspace does not define it.
Result<const TomlValue*> ManifestReader::find_inherited(std::string_view key) {
  auto root = store_->workspace_root_of(manifest_);
  if (!root) {
    Error error = not_inheritable(key, root.error().message);
    error.causes.insert(error.causes.end(), root.error().causes.begin(), root.error().causes.end());
    return error;
  }
  const TomlValue* fields = (*root)->toml.find("workspace")->find("package");
  return fields == nullptr ? nullptr : fields->find(key);
}

Result<ManifestReader::Field> ManifestReader::field(std::string_view key) {
  const TomlValue* value = package().find(key);
  if (value == nullptr || !value->is_table()) {
    return Field{value, false};
  }
  const TomlValue* workspace = value->find("workspace");
  if (workspace == nullptr || !workspace->is_true()) {
    return wrong_type(*value, "package." + std::string(key), "a value or `workspace = true`");
  }
  PCARGO_ASSIGN(const TomlValue* inherited, find_inherited(key));
  // A readme need not be named: it is looked for.
  if (inherited == nullptr && key != "readme") {
    return not_inheritable(key, "`workspace.package." + std::string(key) + "` was not defined");
  }
  return Field{inherited, true};
}

Result<std::optional<std::string>> ManifestReader::optional(std::string_view key) {
  PCARGO_ASSIGN(const Field found, field(key));
  return optional_string(found.value, "package." + std::string(key));
}

Result<std::string> ManifestReader::string(std::string_view key) {
  PCARGO_ASSIGN(const auto text, optional(key));
  return text.value_or("");
}

Result<std::string> ManifestReader::version() {
  PCARGO_ASSIGN(const auto text, optional("version"));
  return text ? std::string(text::trim(*text)) : std::string("0.0.0");
}

Result<std::string> ManifestReader::authors() {
  PCARGO_ASSIGN(const Field found, field("authors"));
  PCARGO_ASSIGN(const auto names, optional_strings(found.value, "package.authors"));
  std::string joined;
  for (std::size_t i = 0; names && i < names->size(); ++i) {
    joined += (i == 0 ? "" : ":") + (*names)[i];
  }
  return joined;
}

/// A path relative to the workspace's root, as seen from the package.
Result<std::string> ManifestReader::rebased(const std::string& relative) {
  PCARGO_ASSIGN(const ManifestFile* root, store_->workspace_root_of(manifest_));
  return relative_path(path::normalize(path::join(root->root, relative)), manifest_.root);
}

Result<std::optional<std::string>> ManifestReader::readme_below(const std::string& root, const TomlValue* value) const {
  if (value == nullptr) {
    for (const char* name : {"README.md", "README.txt", "README"}) {
      if (store_->files().kind(path::join(root, name)) == FileKind::kFile) {
        return std::optional<std::string>(name);
      }
    }
    return std::optional<std::string>();
  }
  if (value->is_boolean()) {
    return value->boolean ? std::optional<std::string>("README.md") : std::nullopt;
  }
  if (!value->is_string()) {
    return wrong_type(*value, "package.readme", "a string or a boolean");
  }
  return std::optional<std::string>(value->string);
}

Result<std::string> ManifestReader::readme() {
  PCARGO_ASSIGN(const Field found, field("readme"));
  if (!found.is_inherited) {
    PCARGO_ASSIGN(const auto name, readme_below(manifest_.root, found.value));
    return name.value_or("");
  }
  PCARGO_ASSIGN(const ManifestFile* root, store_->workspace_root_of(manifest_));
  PCARGO_ASSIGN(const auto name, readme_below(root->root, found.value));
  if (!name) {
    return not_inheritable("readme", "`workspace.package.readme` was not defined");
  }
  return rebased(*name);
}

Result<std::string> ManifestReader::license_file() {
  PCARGO_ASSIGN(const Field found, field("license-file"));
  PCARGO_ASSIGN(const auto name, optional_string(found.value, "package.license-file"));
  return found.is_inherited && name ? rebased(*name) : name.value_or("");
}

Result<std::vector<std::string>> ManifestReader::lints() {
  const TomlValue* table = manifest_.toml.find("lints");
  if (table == nullptr) {
    return std::vector<std::string>();
  }
  const TomlValue* workspace = table->find("workspace");
  if (workspace == nullptr || !workspace->is_true()) {
    return lint_flags(*table);
  }
  if (table->table.size() > 1) {
    return Error{ErrorKind::kInput,
                 "cannot override `workspace.lints` in `lints`, either remove the overrides or "
                 "`lints.workspace = true` and manually specify the lints"};
  }
  const std::string doing = "error inheriting `lints` from workspace root manifest's `workspace.lints`";
  auto root = store_->workspace_root_of(manifest_);
  if (!root) {
    return std::move(root).error().context(doing);
  }
  const TomlValue* inherited = (*root)->toml.find("workspace")->find("lints");
  if (inherited == nullptr) {
    return Error{ErrorKind::kInput, doing, {"`workspace.lints` was not defined"}};
  }
  return lint_flags(*inherited);
}

Result<Package> ManifestReader::read(const WorkspaceMember* member) {
  Package result;
  result.is_member = member != nullptr;
  result.manifest_path = manifest_.path;
  result.root = manifest_.root;
  PCARGO_ASSIGN(result.name, string("name"));
  PCARGO_ASSIGN(result.version, version());
  PCARGO_ASSIGN(result.authors, authors());
  PCARGO_ASSIGN(result.description, string("description"));
  PCARGO_ASSIGN(result.homepage, string("homepage"));
  PCARGO_ASSIGN(result.repository, string("repository"));
  PCARGO_ASSIGN(result.license, string("license"));
  PCARGO_ASSIGN(result.license_file, license_file());
  PCARGO_ASSIGN(result.readme, readme());
  PCARGO_ASSIGN(result.rust_version, string("rust-version"));
  PCARGO_ASSIGN(const auto edition, optional("edition"));
  result.edition = edition.value_or("2015");
  PCARGO_ASSIGN(result.links, optional_string(package().find("links"), "package.links"));
  PCARGO_ASSIGN(result.default_run, optional_string(package().find("default-run"), "package.default-run"));
  result.has_include = package().find("include") != nullptr;
  PCARGO_ASSIGN(result.declared_features, declared_features(manifest_.toml));
  PCARGO_ASSIGN(result.lint_flags, lints());
  PCARGO_ASSIGN(result.targets,
                member != nullptr ? adopt_targets(manifest_, member->targets)
                                  : find_targets(manifest_, result.name, result.edition, store_->files()));
  PCARGO_ASSIGN(auto cargo_features, optional_strings(manifest_.toml.find("cargo-features"), "cargo-features"));
  result.cargo_features = std::move(cargo_features).value_or(std::vector<std::string>());
  if (const TomlValue* hints = manifest_.toml.find("hints")) {
    const TomlValue* mostly_unused = hints->find("mostly-unused");
    result.has_hints_mostly_unused = mostly_unused != nullptr && mostly_unused->is_true();
  }
  return result;
}

Error in_manifest(Error error, const ManifestFile& manifest) {
  return std::move(error).context("failed to parse manifest at `" + manifest.path + "`");
}

}  // namespace

std::string manifest_package_name(const ManifestFile& manifest) {
  const TomlValue* package = manifest.package();
  const TomlValue* name = package == nullptr ? nullptr : package->find("name");
  return name == nullptr ? std::string() : name->string;
}

Result<std::string> manifest_package_version(const ManifestFile& manifest, ManifestStore* store) {
  if (manifest.package() == nullptr) {
    return std::string();
  }
  auto version = ManifestReader(manifest, store).version();
  if (!version) {
    return in_manifest(std::move(version).error(), manifest);
  }
  return version;
}

Result<Package> read_manifest(const ManifestFile& manifest, const WorkspaceMember* member, ManifestStore* store) {
  if (manifest_package_name(manifest).empty()) {
    return in_manifest({ErrorKind::kInput, "missing field `package.name`"}, manifest);
  }
  auto package = ManifestReader(manifest, store).read(member);
  if (!package) {
    return in_manifest(std::move(package).error(), manifest);
  }
  return package;
}

}  // namespace pcargo::cargo
