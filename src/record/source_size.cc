// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/source_size.h"

#include "base/path.h"
#include "platform/files.h"
#include "platform/tree_walk.h"

#include <algorithm>
#include <string_view>

namespace pcargo::record {

namespace {

constexpr double kUsual = 30;
/// Rust source becomes so much smaller in a package; what it has besides sources is counted in.
constexpr double kPacking = 4;
/// Of one package; what has more gets a size by the number of what was seen.
constexpr double kLeast = 0.5;

double packed(std::uint64_t bytes) {
  return std::max(static_cast<double>(bytes) / 1024 / kPacking, kLeast);
}

}  // namespace

double SourceSizes::kibibytes(UnitId unit) {
  const auto& target = plan_.graph().target(unit);
  const auto& package = plan_.package(unit);
  const bool is_of_a_library = std::any_of(package.targets.begin(), package.targets.end(), [](const auto& declared) {
    return declared.kind == cargo::TargetKind::kLib;
  });
  if (target.is_custom_build() || (!target.is_library() && is_of_a_library)) {
    return packed(platform::file_size(target.src_path).value_or(0));
  }
  return of_package(plan_.graph().units[unit].package);
}

double SourceSizes::of_package(cargo::PackageId id) {
  double& known = packages_[id];
  if (known == kNotKnown) {
    const auto& root = plan_.packages()[id].root;
    constexpr std::string_view kUnpacked = "/registry/src/";
    const auto at = root.find(kUnpacked);
    std::optional<std::uint64_t> bytes;
    if (at != std::string::npos) {
      bytes =
          platform::file_size(root.substr(0, at) + "/registry/cache/" + root.substr(at + kUnpacked.size()) + ".crate");
    }
    known = bytes ? std::max(static_cast<double>(*bytes) / 1024, kLeast) : of_directory(path::join(root, "src"));
  }
  return known;
}

double SourceSizes::of_directory(const std::string& directory) {
  const auto tree = platform::walk_tree(directory, entries_left_);
  if (tree.error != 0) {
    return kUsual;
  }
  entries_left_ -= tree.entries.size();
  std::uint64_t bytes = 0;
  for (const auto& entry : tree.entries) {
    if (entry.kind == platform::TreeEntry::Kind::kOther && entry.path.ends_with(".rs")) {
      bytes += platform::file_size(path::join(directory, entry.path)).value_or(0);
    }
  }
  return packed(bytes);
}

}  // namespace pcargo::record
