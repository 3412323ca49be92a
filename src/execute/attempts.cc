// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/attempts.h"

#include "base/path.h"
#include "platform/files.h"
#include "platform/real_file_system.h"
#include "platform/tree_walk.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

namespace pcargo::execute {

std::string directory_of_attempts(const std::string& private_root) {
  return path::join(private_root, "attempts");
}

namespace {

constexpr std::uint64_t kMostEntries = 10'000'000;

/// Where pcargo writes files by renaming, apart from what is below its own folder.
std::set<std::string> shared_directories(const plan::BuildPlan& plan) {
  std::set<std::string> directories{plan.settings().target_directory, plan.settings().build_directory};
  for (const auto& unit : plan.graph().units) {
    if (const auto artifacts = plan.layout().artifacts(unit.platform)) {
      directories.insert({std::string(path::parent(*artifacts)), *artifacts, path::join(*artifacts, "examples")});
    }
  }
  return directories;
}

/// What rustc and LLVM's linker put together before they rename it, and remove when they end as they should:
/// directories `rustcXXXXXX`, `rmetaXXXXXX` and `.tmpXXXXXX.temp-archive`, objects that an executable or library is
/// made from (for Apple they are the debug information), `NAME.tmpXXXXXXX`.
bool is_of_killed_compiler(const platform::TreeEntry& entry) {
  constexpr std::size_t kDirectoryLength = 11;
  constexpr std::size_t kEndingLength = 11;
  const std::string_view name = path::file_name(entry.path);
  const auto consists_of = [](std::string_view text, int (*is_such)(int)) {
    return std::all_of(text.begin(), text.end(), [is_such](unsigned char c) { return is_such(c) != 0; });
  };
  if (entry.kind == platform::TreeEntry::Kind::kDirectory) {
    if (name.starts_with(".tmp") && name.ends_with(".temp-archive")) {
      return true;
    }
    return name.size() == kDirectoryLength && (name.starts_with("rustc") || name.starts_with("rmeta")) &&
           consists_of(name, std::isalnum);
  }
  const std::string_view ending = name.substr(name.size() - std::min(name.size(), kEndingLength));
  return (ending.starts_with(".tmp") && consists_of(ending.substr(4), std::isxdigit)) ||
         (name.ends_with(".rcgu.o") && entry.path.find("-apple-") == std::string::npos);
}

/// What was left below pcargo's own folder. A compiler that still works there is an orphan, and fails: its unit has no
/// record and runs again.
void clear_own_litter(const std::string& private_root) {
  (void)platform::remove_tree(directory_of_attempts(private_root));
  const auto enters = [](const std::string& path, bool) { return path::file_name(path) != "incremental"; };
  for (const auto& entry : platform::walk_tree(private_root, kMostEntries, enters).entries) {
    if (is_of_killed_compiler(entry) || platform::is_abandoned_temporary(path::file_name(entry.path))) {
      (void)platform::remove_tree(path::join(private_root, entry.path));
    }
  }
}

/// What a build that was killed left. Trouble here is no reason not to build.
void clear_litter(const plan::BuildPlan& plan, const std::string& private_root) {
  clear_own_litter(private_root);
  for (const auto& directory : shared_directories(plan)) {
    for (const auto& name : platform::RealFileSystem().list(directory)) {
      if (platform::is_abandoned_temporary(name)) {
        (void)platform::remove_file(path::join(directory, name));
      }
    }
  }
}

}  // namespace

Attempt::~Attempt() {
  if (!root_.empty()) {
    (void)platform::remove_tree(root_);
  }
}

Attempt::Attempt(Attempt&& other) noexcept
    : root_(std::exchange(other.root_, {})), private_root_(std::move(other.private_root_)) {}

Attempt& Attempt::operator=(Attempt&& other) noexcept {
  std::swap(root_, other.root_);
  std::swap(private_root_, other.private_root_);
  return *this;
}

std::string Attempt::path_of(const std::string& path) const {
  if (is_in_place()) {
    return path;
  }
  const auto relative = path::strip_prefix(path, private_root_);
  PCARGO_CHECK(relative.has_value());
  return path::join(root_, *relative);
}

Result<void> Attempt::show(const std::string& path) const {
  return is_in_place() ? Result<void>() : platform::link_or_copy_by_rename(path_of(path), path);
}

Result<void> Attempt::clear(const std::string& directory) const {
  if (is_in_place()) {
    return {};
  }
  PCARGO_TRY(platform::remove_tree(path_of(directory)));
  return platform::create_directories(path_of(directory));
}

Result<void> Attempt::publish(const std::string& directory) {
  if (is_in_place()) {
    return {};
  }
  const std::string own = path_of(directory);
  for (const auto& name : platform::RealFileSystem().list(own)) {
    if (name.ends_with(".d")) {
      PCARGO_TRY(rewrite_dep_info(path::join(own, name)));
    }
    PCARGO_TRY(platform::move(path::join(own, name), path::join(directory, name)));
  }
  // Now, not later: a second name of a file goes with it, and with that the file's ctime moves.
  (void)platform::remove_tree(std::exchange(root_, {}));
  return {};
}

/// It names what it is about by where the attempt wrote it.
Result<void> Attempt::rewrite_dep_info(const std::string& file) const {
  constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;
  PCARGO_ASSIGN(std::string text, platform::read_regular_file(file, kMostBytes));
  const std::string_view extra = std::string_view(root_).substr(private_root_.size());  // "/attempts/XXXXXX"
  for (auto at = text.find(extra); at != std::string::npos; at = text.find(extra, at)) {
    text.erase(at, extra.size());
  }
  return platform::write_file_by_rename(file, text);
}

Attempts::Attempts(std::string private_root, bool is_alone, bool has_litter)
    : private_root_(std::move(private_root)), is_alone_(is_alone), has_litter_(has_litter) {}

Attempts::Attempts(Attempts&& other) noexcept
    : private_root_(std::exchange(other.private_root_, {})),
      is_alone_(other.is_alone_),
      has_litter_(other.has_litter_) {}

Attempts::~Attempts() {
  if (private_root_.empty()) {
    return;
  }
  if (is_alone_ && has_litter_) {
    // Compilers of a killed build may have written on while open() cleared it away.
    clear_own_litter(private_root_);
  } else if (is_alone_) {
    (void)platform::remove_tree(directory_of_attempts(private_root_));
  } else {
    platform::remove_empty_directory(directory_of_attempts(private_root_));
  }
}

Result<Attempts> Attempts::open(const plan::BuildPlan& plan, bool is_alone) {
  const std::string private_root = plan.layout().private_root();
  const std::string directory = directory_of_attempts(private_root);
  const bool has_litter = is_alone && platform::entry_kind(directory) != FileKind::kNone;
  if (has_litter) {
    clear_litter(plan, private_root);
  }
  PCARGO_TRY(platform::create_directories(directory));
  return Attempts(private_root, is_alone, has_litter);
}

Result<std::string> Attempts::make_scratch() const {
  return platform::make_unique_directory(directory_of_attempts(private_root_));
}

Result<Attempt> Attempts::make(const std::string& output_directory) const {
  PCARGO_ASSIGN(auto root, platform::make_unique_directory(directory_of_attempts(private_root_)));
  Attempt attempt(std::move(root), private_root_);
  PCARGO_TRY(platform::create_directories(attempt.path_of(output_directory)));
  return attempt;
}

}  // namespace pcargo::execute
