// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/relocation.h"

#include "base/path.h"
#include "cargo/package_spec.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace pcargo::cargo {
namespace {

constexpr std::string_view kRegistry = "/registry/src/";
constexpr std::string_view kCheckouts = "/git/checkouts/";
constexpr std::string_view kStandardLibrary = "/lib/rustlib/src/rust/";
constexpr std::size_t kMostNamed = 10;

/// What follows the last `mark` in a path, if it is there.
std::optional<std::string_view> after(std::string_view path, std::string_view mark) {
  const std::size_t at = path.rfind(mark);
  return at == std::string_view::npos ? std::nullopt : std::optional(path.substr(at + mark.size()));
}

/// "name" of cargo's directories "name-<hash>".
std::string_view without_hash(std::string_view directory) {
  return directory.substr(0, directory.rfind('-'));
}

/// `path` without its last components `tail`; nullopt if it does not end so.
std::optional<std::string_view> without_tail(std::string_view path, std::string_view tail) {
  if (tail.empty()) {
    return path;
  }
  if (path.size() <= tail.size() || !path.ends_with(tail) || path[path.size() - tail.size() - 1] != '/') {
    return std::nullopt;
  }
  return path.substr(0, path.size() - tail.size() - 1);
}

const WorkspaceMember* member_named(const WorkspaceMetadata& metadata, const std::string& name) {
  for (const WorkspaceMember& member : metadata.members) {
    if (member.name == name) {
      return &member;
    }
  }
  return nullptr;
}

class GraphRelocator {
 public:
  GraphRelocator(UnitGraph graph, const Surroundings& here) : graph_(std::move(graph)), here_(here) {}

  Result<UnitGraph> run() && {
    std::vector<Relocation::PathPackage> path_packages;
    for (std::uint32_t i = 0; i < graph_.package_ids.size(); ++i) {
      PCARGO_ASSIGN(PackageSpec spec, parse_package_spec(graph_.package_ids[PackageId{i}]));
      if (spec.source == SourceKind::kPath) {
        path_packages.push_back({spec.name, spec.version, path_of_file_url(spec.url)});
      }
      specs_.push_back(std::move(spec));
    }
    PCARGO_ASSIGN(const Relocation relocation, Relocation::find(path_packages, here_));
    for (std::uint32_t i = 0; i < specs_.size(); ++i) {
      move_package(relocation, PackageId{i});
    }
    move_targets(relocation);
    PCARGO_TRY(require_sources(graph_, here_.files));
    return std::move(graph_);
  }

 private:
  void move_package(const Relocation& relocation, PackageId id) {
    const PackageSpec& spec = specs_[id.value];
    if (spec.source != SourceKind::kPath) {
      return;
    }
    const std::string there = path_of_file_url(spec.url);
    const std::string moved = relocation.move_path(there);
    if (moved == there) {
      return;
    }
    const WorkspaceMember* member = member_named(here_.metadata, spec.name);
    if (member != nullptr && path::parent(member->manifest_path) == moved) {
      graph_.package_ids[id] = to_url_form(member->id);
      return;
    }
    graph_.package_ids[id] = package_id("path+" + file_url(moved), spec.name, spec.version);
  }

  void move_targets(const Relocation& relocation) {
    IdMap<TargetId, char> is_moved(graph_.targets.size(), 0);
    for (const Unit& unit : graph_.units) {
      std::string& source = graph_.targets[unit.target].src_path;
      if (is_moved[unit.target] == 0 && !source.empty()) {
        is_moved[unit.target] = 1;
        const bool is_path = specs_[unit.package.value].source == SourceKind::kPath;
        source = is_path ? relocation.move_path(source) : relocation.move_download(source);
      }
    }
  }

  UnitGraph graph_;
  const Surroundings& here_;
  std::vector<PackageSpec> specs_;  // by package id
};

}  // namespace

Result<Relocation> Relocation::find(const std::vector<PathPackage>& packages, const Surroundings& here) {
  Relocation found(here);
  std::string first;
  for (const PathPackage& package : packages) {
    if (after(package.directory + "/", kStandardLibrary)) {
      continue;
    }
    first = first.empty() ? package.name : first;
    const WorkspaceMember* member = member_named(here.metadata, package.name);
    const auto inside = member == nullptr
                            ? std::nullopt
                            : path::strip_prefix(path::parent(member->manifest_path), here.metadata.workspace_root);
    if (!inside) {
      continue;
    }
    if (member->version != package.version) {
      return Error{ErrorKind::kInput,
                   "the plan is of another state of the workspace: it has `" + package.name + " v" + package.version +
                       "`, here is v" + member->version};
    }
    const auto root = without_tail(package.directory, *inside);
    if (!root || (found.root_ && *found.root_ != *root)) {
      return Error{ErrorKind::kInput,
                   "the plan is of another workspace: `" + package.name + "` lies in `" + package.directory +
                       "` there, and in `" + std::string(*inside) + "` of the workspace here"};
    }
    found.root_ = *root;
  }
  if (!found.root_ && !first.empty()) {
    return Error{ErrorKind::kInput,
                 "the plan is of another workspace: none of its packages (`" + first +
                     "`, ...) is a member of the one in `" + here.metadata.workspace_root + "`"};
  }
  return found;
}

std::string Relocation::move_path(const std::string& there) const {
  if (const auto inside = after(there, kStandardLibrary)) {
    return here_->sysroot + std::string(kStandardLibrary) + std::string(*inside);
  }
  if (!root_) {
    return there;
  }
  std::string_view old_root = *root_;
  std::string_view new_root = here_->metadata.workspace_root;
  // What lies beside the workspace there lies beside it here.
  for (; old_root.size() > 1 && new_root.size() > 1;
       old_root = path::parent(old_root), new_root = path::parent(new_root)) {
    if (const auto inside = path::strip_prefix(there, old_root)) {
      return inside->empty() ? std::string(new_root) : path::join(new_root, *inside);
    }
  }
  return there;
}

std::string Relocation::move_download(const std::string& there) const {
  bool is_download = false;
  for (const std::string_view mark : {kRegistry, kCheckouts}) {
    const auto inside = after(there, mark);
    is_download |= inside.has_value();
    auto found = inside ? find_download(path::join(here_->cargo_home, mark.substr(1)), *inside) : std::nullopt;
    if (found) {
      return *std::move(found);
    }
  }
  return is_download ? there : move_path(there);  // vendored
}

/// `inside`: "<name>-<hash>/<what>/..." below `directory`. Another cargo may have hashed otherwise.
std::optional<std::string> Relocation::find_download(const std::string& directory, std::string_view inside) const {
  const auto rest = inside.substr(std::min(inside.size(), inside.find('/') + 1));
  const auto name = inside.substr(0, inside.find('/'));
  std::string same = path::join(directory, inside);
  if (here_->files.kind(same) == FileKind::kFile) {
    return same;
  }
  for (const std::string& entry : here_->files.list(directory)) {
    std::string candidate = path::join(path::join(directory, entry), rest);
    if (without_hash(entry) == without_hash(name) && here_->files.kind(candidate) == FileKind::kFile) {
      return candidate;
    }
  }
  return std::nullopt;
}

Error missing_files(std::string what, const std::set<std::string>& missing) {
  Error error{ErrorKind::kInput, std::move(what)};
  for (const std::string& file : missing) {
    if (error.causes.size() == kMostNamed) {
      error.causes.push_back("... and " + std::to_string(missing.size() - kMostNamed) + " more");
      break;
    }
    error.causes.push_back("there is no `" + file + "`");
  }
  return error;
}

Result<void> require_sources(const UnitGraph& graph, const FileSystem& files) {
  std::set<std::string> missing;
  for (const Unit& unit : graph.units) {
    const std::string& source = graph.targets[unit.target].src_path;
    if (!source.empty() && !missing.contains(source) && files.kind(source) != FileKind::kFile) {
      missing.insert(source);
    }
  }
  return missing.empty() ? Result<void>() : missing_files("sources are not where the plan has them", missing);
}

Result<UnitGraph> relocate(UnitGraph graph, const Surroundings& here) {
  return GraphRelocator(std::move(graph), here).run();
}

}  // namespace pcargo::cargo
