// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/relocation.h"

#include "base/path.h"
#include "cargo/package_spec.h"

#include <algorithm>
#include <optional>
#include <set>
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

class Relocator {
 public:
  Relocator(UnitGraph graph, const Surroundings& here) : graph_(std::move(graph)), here_(here) {}

  Result<UnitGraph> run() && {
    for (std::uint32_t i = 0; i < graph_.package_ids.size(); ++i) {
      PCARGO_ASSIGN(PackageSpec spec, parse_package_spec(graph_.package_ids[PackageId{i}]));
      specs_.push_back(std::move(spec));
    }
    PCARGO_TRY(find_root());
    for (std::uint32_t i = 0; i < specs_.size(); ++i) {
      move_package(PackageId{i});
    }
    move_targets();
    PCARGO_TRY(require_sources(graph_, here_.files));
    return std::move(graph_);
  }

 private:
  const WorkspaceMember* member_named(const std::string& name) const {
    for (const WorkspaceMember& member : here_.metadata.members) {
      if (member.name == name) {
        return &member;
      }
    }
    return nullptr;
  }

  /// Where the graph's workspace root was.
  Result<void> find_root() {
    std::string first_of_path;
    for (const PackageSpec& spec : specs_) {
      if (spec.source != SourceKind::kPath || after(path_of_file_url(spec.url) + "/", kStandardLibrary)) {
        continue;
      }
      first_of_path = first_of_path.empty() ? spec.name : first_of_path;
      const WorkspaceMember* member = member_named(spec.name);
      const auto inside = member == nullptr
                              ? std::nullopt
                              : path::strip_prefix(path::parent(member->manifest_path), here_.metadata.workspace_root);
      if (!inside) {
        continue;
      }
      if (member->version != spec.version) {
        return Error{ErrorKind::kInput,
                     "the unit graph is of another state of the workspace: it has `" + spec.name + " v" + spec.version +
                         "`, here is v" + member->version};
      }
      const std::string directory = path_of_file_url(spec.url);
      const auto root = without_tail(directory, *inside);
      if (!root || (root_ && *root_ != *root)) {
        return Error{ErrorKind::kInput,
                     "the unit graph is of another workspace: `" + spec.name + "` lies in `" + directory +
                         "` there, and in `" + std::string(*inside) + "` of the workspace here"};
      }
      root_ = *root;
    }
    if (!root_ && !first_of_path.empty()) {
      return Error{ErrorKind::kInput,
                   "the unit graph is of another workspace: none of its packages (`" + first_of_path +
                       "`, ...) is a member of the one in `" + here_.metadata.workspace_root + "`"};
    }
    return {};
  }

  void move_package(PackageId id) {
    const PackageSpec& spec = specs_[id.value];
    if (spec.source != SourceKind::kPath) {
      return;
    }
    const std::string there = path_of_file_url(spec.url);
    const std::string moved = move_path(there);
    if (moved == there) {
      return;
    }
    const WorkspaceMember* member = member_named(spec.name);
    if (member != nullptr && path::parent(member->manifest_path) == moved) {
      graph_.package_ids[id] = to_url_form(member->id);
      return;
    }
    graph_.package_ids[id] = package_id("path+" + file_url(moved), spec.name, spec.version);
  }

  void move_targets() {
    IdMap<TargetId, char> is_moved(graph_.targets.size(), 0);
    for (const Unit& unit : graph_.units) {
      std::string& source = graph_.targets[unit.target].src_path;
      if (is_moved[unit.target] == 0 && !source.empty()) {
        is_moved[unit.target] = 1;
        source = move_source(source, specs_[unit.package.value].source);
      }
    }
  }

  std::string move_source(const std::string& source, SourceKind kind) const {
    const std::string_view mark = kind == SourceKind::kRegistry ? kRegistry : kCheckouts;
    if (const auto inside = after(source, mark); inside && kind != SourceKind::kPath) {
      return move_download(path::join(here_.cargo_home, mark.substr(1)), *inside, source);
    }
    return move_path(source);  // vendored, if it is no path package's
  }

  /// `inside`: "<name>-<hash>/<what>/..." below `directory`. Another cargo may have hashed otherwise.
  std::string move_download(const std::string& directory, std::string_view inside, const std::string& there) const {
    const auto rest = inside.substr(std::min(inside.size(), inside.find('/') + 1));
    const auto name = inside.substr(0, inside.find('/'));
    const std::string same = path::join(directory, inside);
    if (here_.files.kind(same) == FileKind::kFile) {
      return same;
    }
    for (const std::string& entry : here_.files.list(directory)) {
      const std::string candidate = path::join(path::join(directory, entry), rest);
      if (without_hash(entry) == without_hash(name) && here_.files.kind(candidate) == FileKind::kFile) {
        return candidate;
      }
    }
    return there;
  }

  /// A path package's, or something in the workspace.
  std::string move_path(const std::string& there) const {
    if (const auto inside = after(there, kStandardLibrary)) {
      return here_.sysroot + std::string(kStandardLibrary) + std::string(*inside);
    }
    if (!root_) {
      return there;
    }
    std::string_view old_root = *root_;
    std::string_view new_root = here_.metadata.workspace_root;
    // What lies beside the workspace there lies beside it here.
    for (; old_root.size() > 1 && new_root.size() > 1;
         old_root = path::parent(old_root), new_root = path::parent(new_root)) {
      if (const auto inside = path::strip_prefix(there, old_root)) {
        return inside->empty() ? std::string(new_root) : path::join(new_root, *inside);
      }
    }
    return there;
  }

  UnitGraph graph_;
  const Surroundings& here_;
  std::vector<PackageSpec> specs_;  // by package id
  std::optional<std::string> root_;
};

}  // namespace

Result<void> require_sources(const UnitGraph& graph, const FileSystem& files) {
  std::set<std::string> missing;
  for (const Unit& unit : graph.units) {
    const std::string& source = graph.targets[unit.target].src_path;
    if (!source.empty() && !missing.contains(source) && files.kind(source) != FileKind::kFile) {
      missing.insert(source);
    }
  }
  if (missing.empty()) {
    return {};
  }
  Error error{ErrorKind::kInput, "sources are not where the plan has them"};
  for (const std::string& source : missing) {
    if (error.causes.size() == kMostNamed) {
      error.causes.push_back("... and " + std::to_string(missing.size() - kMostNamed) + " more");
      break;
    }
    error.causes.push_back("there is no `" + source + "`");
  }
  return error;
}

Result<UnitGraph> relocate(UnitGraph graph, const Surroundings& here) {
  return Relocator(std::move(graph), here).run();
}

}  // namespace pcargo::cargo
