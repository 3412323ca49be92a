// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/package_reader.h"

#include "base/path.h"
#include "cargo/git_revisions.h"
#include "cargo/manifest.h"
#include "cargo/manifest_store.h"
#include "cargo/package_spec.h"
#include "cargo/text.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pcargo::cargo {
namespace {

// How package ids name crates.io, whichever protocol its index comes by.
constexpr std::string_view kCratesIo = "https://github.com/rust-lang/crates.io-index";

class PackageReader {
 public:
  explicit PackageReader(const PackageReaderInput& input)
      : input_(input), store_(input.files, input.cargo_home), sources_(input.graph.package_ids.size()) {}

  Result<IdMap<PackageId, Package>> run();

 private:
  void collect_sources();
  Result<Package> read(PackageId id);
  Result<const ManifestFile*> locate(PackageId id, const PackageSpec& spec, const WorkspaceMember* member);
  Result<const ManifestFile*> search_upwards(const std::string& source, const PackageSpec& spec);
  Result<const ManifestFile*> search_checkout(const std::string& source, const PackageSpec& spec);
  Result<const ManifestFile*> search_below(const std::string& directory, const PackageSpec& spec, int depth);
  Result<const ManifestFile*> accept(const std::string& manifest_path, const PackageSpec& spec);
  Result<std::string> source_display(const PackageSpec& spec, const Package& package);
  Result<const GitRevisions*> git_revisions();

  const PackageReaderInput& input_;
  ManifestStore store_;
  IdMap<PackageId, std::vector<std::string>> sources_;               // paths of the units' root sources
  std::unordered_map<std::string, const WorkspaceMember*> members_;  // by id in URL form
  bool has_older_ids_ = false;
  std::optional<GitRevisions> git_revisions_;
  std::optional<Error> broken_;  // in a manifest met on the way to the one looked for
};

Result<IdMap<PackageId, Package>> PackageReader::run() {
  collect_sources();
  for (const WorkspaceMember& member : input_.metadata.members) {
    std::string id = to_url_form(member.id);
    has_older_ids_ |= id != member.id;
    members_.emplace(std::move(id), &member);
  }
  IdMap<PackageId, Package> packages;
  packages.reserve(input_.graph.package_ids.size());
  for (std::uint32_t i = 0; i < input_.graph.package_ids.size(); ++i) {
    PCARGO_ASSIGN(Package package, read(PackageId{i}));
    packages.push_back(std::move(package));
  }
  return packages;
}

void PackageReader::collect_sources() {
  for (const Unit& unit : input_.graph.units) {
    const std::string& source = input_.graph.targets[unit.target].src_path;
    std::vector<std::string>& sources = sources_[unit.package];
    if (!source.empty() && std::find(sources.begin(), sources.end(), source) == sources.end()) {
      sources.push_back(source);
    }
  }
}

Result<Package> PackageReader::read(PackageId id) {
  const std::string& text = input_.graph.package_ids[id];
  PCARGO_ASSIGN(const PackageSpec spec, parse_package_spec(text));
  const auto known = members_.find(text);
  const WorkspaceMember* member = known == members_.end() ? nullptr : known->second;
  PCARGO_ASSIGN(const ManifestFile* manifest, locate(id, spec, member));
  PCARGO_ASSIGN(Package package, read_manifest(*manifest, member, &store_));
  store_.forget(*manifest);
  package.source = spec.source;
  package.id = text;
  if (has_older_ids_) {
    std::string commit;
    if (spec.source == SourceKind::kGit) {
      PCARGO_ASSIGN(const GitRevisions* revisions, git_revisions());
      commit = revisions->find(spec, package.root, input_.files);
    }
    package.id = to_older_form(spec, commit);
  }
  PCARGO_ASSIGN(package.source_display, source_display(spec, package));
  return package;
}

Result<const ManifestFile*> PackageReader::locate(PackageId id,
                                                  const PackageSpec& spec,
                                                  const WorkspaceMember* member) {
  if (member != nullptr) {
    return store_.load(member->manifest_path);
  }
  if (spec.source == SourceKind::kPath) {
    return store_.load(path::join(path_of_file_url(spec.url), "Cargo.toml"));
  }
  broken_.reset();
  for (const std::string& source : sources_[id]) {
    PCARGO_ASSIGN(const ManifestFile* found, search_upwards(source, spec));
    if (found != nullptr) {
      return found;
    }
  }
  // A git package's sources may lie outside its directory: look through the checkout, as cargo does.
  for (const std::string& source : sources_[id]) {
    PCARGO_ASSIGN(const ManifestFile* found, search_checkout(source, spec));
    if (found != nullptr) {
      return found;
    }
  }
  if (broken_) {
    return *broken_;
  }
  return Error{ErrorKind::kInput,
               "no Cargo.toml of `" + spec.name + " v" + spec.version + "` is above its sources" +
                   (sources_[id].empty() ? "" : " (`" + sources_[id].front() + "`)")};
}

Result<const ManifestFile*> PackageReader::search_upwards(const std::string& source, const PackageSpec& spec) {
  std::string_view directory = source;
  while (directory != path::parent(directory) && !directory.empty()) {
    directory = path::parent(directory);
    PCARGO_ASSIGN(const ManifestFile* found, accept(path::join(directory, "Cargo.toml"), spec));
    if (found != nullptr) {
      return found;
    }
  }
  return static_cast<const ManifestFile*>(nullptr);
}

Result<const ManifestFile*> PackageReader::search_checkout(const std::string& source, const PackageSpec& spec) {
  constexpr int kDeepest = 16;
  for (std::string_view directory = path::parent(source); directory.size() > 1; directory = path::parent(directory)) {
    if (path::file_name(path::parent(path::parent(directory))) == "checkouts") {
      return search_below(std::string(directory), spec, kDeepest);
    }
  }
  return static_cast<const ManifestFile*>(nullptr);
}

Result<const ManifestFile*> PackageReader::search_below(const std::string& directory,
                                                        const PackageSpec& spec,
                                                        int depth) {
  PCARGO_ASSIGN(const ManifestFile* found, accept(path::join(directory, "Cargo.toml"), spec));
  if (found != nullptr || depth == 0) {
    return found;
  }
  for (const std::string& entry : input_.files.list(directory)) {
    const std::string below = path::join(directory, entry);
    if (entry.front() == '.' || entry == "target" || input_.files.kind(below) != FileKind::kDirectory) {
      continue;
    }
    PCARGO_ASSIGN(found, search_below(below, spec, depth - 1));
    if (found != nullptr) {
      return found;
    }
  }
  return static_cast<const ManifestFile*>(nullptr);
}

/// The manifest there if it is the package's; else nullptr.
Result<const ManifestFile*> PackageReader::accept(const std::string& manifest_path, const PackageSpec& spec) {
  constexpr const ManifestFile* kNone = nullptr;
  auto manifest = store_.find(manifest_path);
  if (!manifest) {
    // It may be somebody else's manifest: an error only if the right one is not found.
    if (!broken_) {
      broken_ = std::move(manifest).error();
    }
    return kNone;
  }
  if (*manifest == nullptr || manifest_package_name(**manifest) != spec.name) {
    return kNone;
  }
  PCARGO_ASSIGN(const std::string version, manifest_package_version(**manifest, &store_));
  return version == spec.version ? *manifest : kNone;
}

Result<std::string> PackageReader::source_display(const PackageSpec& spec, const Package& package) {
  if (spec.source == SourceKind::kPath) {
    return path_of_file_url(spec.url);
  }
  if (spec.source == SourceKind::kGit) {
    PCARGO_ASSIGN(const GitRevisions* revisions, git_revisions());
    const std::string commit = revisions->find(spec, package.root, input_.files);
    constexpr std::size_t kShown = 8;
    return commit.empty() ? spec.url : spec.url + "#" + commit.substr(0, kShown);
  }
  if (spec.url == kCratesIo) {
    return std::string();
  }
  const auto named = input_.registry_names.find(spec.url);
  if (named != input_.registry_names.end()) {
    return "registry `" + named->second + "`";
  }
  const std::string path = path_of_file_url(spec.url);
  return "registry `" + (path.empty() ? spec.url : path) + "`";
}

Result<const GitRevisions*> PackageReader::git_revisions() {
  if (!git_revisions_) {
    PCARGO_ASSIGN(const auto lock, input_.files.read(path::join(input_.metadata.workspace_root, "Cargo.lock")));
    git_revisions_ = GitRevisions::from_lock_file(lock.value_or(""));
  }
  return static_cast<const GitRevisions*>(&*git_revisions_);
}

}  // namespace

Result<IdMap<PackageId, Package>> read_packages(const PackageReaderInput& input) {
  return PackageReader(input).run();
}

}  // namespace pcargo::cargo
