// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/standing_list.h"

#include "base/path.h"
#include "freshness/record.h"
#include "platform/real_file_system.h"
#include "platform/tree_walk.h"

#include <algorithm>
#include <cerrno>

namespace pcargo::freshness {
namespace {

using What = StandingPath::What;
using platform::FileStamp;
using platform::Links;

// More than any project has; a standing that takes a second to look through serves nobody.
constexpr std::size_t kMostPaths = 500'000;

bool is_absent(int error) {
  return error == ENOENT || error == ENOTDIR;
}

bool is_checked_first(const StandingPath& path) {
  return path.what == What::kNothing || path.what == What::kKind;
}

}  // namespace

void StandingList::add(const std::string& path, Aspect aspect, const Found& found) {
  if (!path::is_absolute(path) || path.find('\0') != std::string::npos || wanted_.size() >= kMostPaths) {
    refuse();
    return;
  }
  const auto [entry, is_new] = wanted_.try_emplace({path, aspect}, found);
  if (is_new || !found) {
    return;
  }
  const bool agree =
      !entry->second || (aspect == Aspect::kKind ? entry->second->kind == found->kind : *entry->second == *found);
  if (!agree) {
    refuse();  // it moved while we looked
  }
  entry->second = found;
}

void StandingList::add(const std::string& path, const Found& found) {
  add(path, Aspect::kBehind, found);
}

void StandingList::add_kind(const std::string& path, const std::optional<FileKind>& found) {
  Found stamp;
  if (found) {
    stamp.emplace().kind = *found;
  }
  add(path, Aspect::kKind, stamp);
}

void StandingList::add_written(const std::string& path) {
  add(path, Aspect::kWritten, platform::stamp_of(path));
}

void StandingList::add_names(const std::string& directory) {
  add(directory);
  for (const std::string& name : platform::RealFileSystem().list(directory)) {
    const std::string path = path::join(directory, name);
    // The kind of any other entry cannot change without its directory.
    if (platform::stamp_of(path, Links::kOfTheLinkItself).is_link()) {
      add(path, Aspect::kEntry, {});
      add_kind(path);
    }
  }
}

void StandingList::add_tree(const std::string& root, const std::function<bool(const std::string& directory)>& enters) {
  std::vector<std::string> refused;
  const platform::Tree tree =
      platform::walk_tree(root, kMostPaths, [&](const std::string& directory, bool is_directory) {
        if (!is_directory) {
          return true;
        }
        const bool enters_it = !enters || enters(directory);
        if (!enters_it) {
          refused.push_back(directory);
        }
        return enters_it;
      });
  if (tree.error != 0) {
    refuse();
    return;
  }
  add(root);
  for (const std::string& directory : refused) {
    add_kind(path::join(directory, "Cargo.toml"));
  }
  for (const platform::TreeEntry& entry : tree.entries) {
    const std::string path = path::join(root, entry.path);
    add(path, Aspect::kEntry, {});
    if (entry.kind == platform::TreeEntry::Kind::kNotEntered) {
      refuse();
    }
    if (!platform::stamp_of(path, Links::kOfTheLinkItself).is_link()) {
      continue;
    }
    if (platform::stamp_of(path).kind == FileKind::kFile) {
      add(path);
    } else {
      add_kind(path);
    }
  }
}

void StandingList::add_placed(const std::string& placed, const std::string& made) {
  const FileStamp at_place = platform::stamp_of(placed, Links::kOfTheLinkItself);
  const FileStamp original = platform::stamp_of(made, Links::kOfTheLinkItself);
  if (at_place.kind != FileKind::kFile || !(at_place == original)) {
    refuse();  // a copy is made anew by each build
  }
  add(placed, Aspect::kEntry, at_place);
}

void StandingList::add_unit(const plan::BuildPlan& plan,
                            UnitId unit,
                            const Record& record,
                            const std::function<bool(const std::string& directory)>& enters) {
  for (const PathLook& input : record.inputs) {
    if (input.look.stamp.kind == FileKind::kDirectory) {
      add_tree(input.path);
    } else {
      add(input.path, input.look.stamp);
    }
  }
  if (record.package) {
    add_tree(plan.package(unit).root, enters);
  }
  if (record.out_dir) {
    add_tree(plan.out_dir(unit));
  }
  for (const VariableLook& variable : record.variables) {
    add_variable(variable.name);
  }
  for (const PathLook& output : record.outputs) {
    add(output.path, output.look.stamp);
  }
  for (const plan::OutputFile& output : plan.outputs(unit)) {
    const bool was_made = std::any_of(
        record.outputs.begin(), record.outputs.end(), [&](const PathLook& file) { return file.path == output.path; });
    if (output.final_path && was_made) {
      add_placed(*output.final_path, output.path);
    }
  }
  if (std::any_of(record.messages.begin(), record.messages.end(), [](const Message& message) {
        return message.kind == Message::Kind::kFutureIncompat;
      })) {
    refuse();  // what is said of it depends on a report that others write too
  }
}

/// Was it as it is now when we began, beyond doubt?
bool StandingList::rested(const FileStamp& stamp) const {
  return can_be_trusted(Look{stamp, {}, started_ns_});
}

/// Did nothing come or go where a path that is not there would have to be?
bool StandingList::directory_rested(const std::string& path) const {
  std::string_view above = path::parent(path);
  while (above.size() > 1 && platform::stamp_of(std::string(above)).kind == FileKind::kNone) {
    above = path::parent(above);
  }
  return rested(platform::stamp_of(std::string(above)));
}

std::optional<StandingPath> StandingList::settle(const std::string& path, Aspect aspect, const Found& found) const {
  int error = 0;
  const FileStamp now =
      platform::stamp_of(path, aspect == Aspect::kEntry ? Links::kOfTheLinkItself : Links::kFollow, &error);
  if (is_absent(error)) {
    const bool was_absent = found ? found->kind == FileKind::kNone : directory_rested(path);
    return was_absent && aspect != Aspect::kEntry ? std::optional(StandingPath{What::kNothing, path}) : std::nullopt;
  }
  if (error != 0) {
    return std::nullopt;
  }
  if (aspect == Aspect::kKind) {
    const bool is_sure = found ? found->kind == now.kind : rested(now) || directory_rested(path);
    return is_sure ? std::optional(StandingPath{What::kKind, path, now}) : std::nullopt;
  }
  if ((found && !(*found == now)) || (aspect != Aspect::kWritten && !rested(now))) {
    return std::nullopt;
  }
  return StandingPath{aspect == Aspect::kEntry ? What::kEntryStamp : What::kStamp, path, now};
}

/// The directories that a path leads through, and links among them with where they lead: the same file under another
/// real path would be spelled otherwise in commands and dep-info. What is not there leads nowhere.
bool StandingList::add_way(const std::string& path,
                           std::set<std::string>* seen,
                           std::vector<StandingPath>* ways) const {
  std::vector<std::string> rest{path};
  while (!rest.empty()) {
    const std::string directory = std::move(rest.back());
    rest.pop_back();
    if (!seen->insert(directory).second) {
      continue;
    }
    if (!trusted_.empty() && directory != trusted_ && path::is_within(directory, trusted_)) {
      rest.push_back(trusted_);
      continue;
    }
    const FileStamp now = platform::stamp_of(directory, Links::kOfTheLinkItself);
    if (now.is_link()) {
      const auto target = platform::link_text(directory);
      if (!target || !rested(now)) {
        return false;
      }
      ways->push_back({What::kEntryStamp, directory, now});
      rest.push_back(path::join(path::parent(directory), *target));
    } else if (now.kind == FileKind::kDirectory && wanted_.count({directory, Aspect::kEntry}) == 0) {
      ways->push_back({What::kIdentity, directory, now});
    }
    if (directory.size() > 1 && path::parent(directory) != directory) {
      rest.emplace_back(path::parent(directory));
    }
  }
  return true;
}

std::optional<std::vector<StandingPath>> StandingList::settle() const {
  if (refused_ || ran_) {
    return std::nullopt;
  }
  std::vector<StandingPath> settled;
  std::set<std::string> seen;
  for (const auto& [wanted, found] : wanted_) {
    auto path = settle(wanted.first, wanted.second, found);
    if (!path || !add_way(wanted.first, &seen, &settled)) {
      return std::nullopt;
    }
    settled.push_back(*std::move(path));
  }
  // A stamp that is found again was there all the time, because ctime never comes back. So all of them were there
  // together when the last of what can come and go without a trace was looked at, if that is looked at first.
  std::sort(settled.begin(), settled.end(), [](const StandingPath& a, const StandingPath& b) {
    const auto rank = [](const StandingPath& path) {
      return std::pair(!is_checked_first(path), path::parent(path.path));
    };
    return rank(a) < rank(b);
  });
  return settled;
}

}  // namespace pcargo::freshness
