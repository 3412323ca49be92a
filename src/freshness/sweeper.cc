// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/sweeper.h"

#include "base/path.h"
#include "freshness/record_store.h"
#include "platform/file_stamp.h"
#include "platform/files.h"
#include "platform/real_file_system.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace pcargo::freshness {

namespace {

constexpr std::int64_t kDayNs = std::int64_t{24} * 3600 * 1'000'000'000;

/// A directory with records, and what belongs to them (plan/layout.h).
struct Profile {
  std::string own;       ///< `<build-dir>/pcargo/[triple/]<profile>`
  std::string out_dirs;  ///< `<build-dir>/[triple/]<profile>/build`
};

struct Unit {
  const Profile* profile = nullptr;
  std::string name;  ///< `<package>-<hash>`
  std::vector<std::string> outputs;
  std::uint64_t bytes = 0;
  std::int64_t used_ns = 0;

  std::string record() const { return path::join(profile->own, "records/" + name); }
};

std::int64_t mtime_of(const std::string& path) {
  return platform::stamp_of(path, platform::Links::kOfTheLinkItself).mtime_ns;
}

class Sweeper {
 public:
  Sweeper(const std::string& build_directory, const SweepLimits& limits, std::int64_t now_ns)
      : build_directory_(build_directory),
        root_(path::join(build_directory, "pcargo")),
        limits_(limits),
        now_ns_(now_ns) {}

  Swept sweep() {
    find_profiles();
    for (const auto& profile : profiles_) {
      find_units(profile);
    }
    std::sort(units_.begin(), units_.end(), [](const Unit& a, const Unit& b) { return a.used_ns < b.used_ns; });
    std::uint64_t bytes = 0;
    for (const auto& unit : units_) {
      bytes += unit.bytes;
    }
    std::vector<Unit> kept;
    for (auto& unit : units_) {
      const bool is_too_much = bytes > limits_.bytes && is_unused_for(unit.used_ns, 1);
      if (is_too_much || is_unused_for(unit.used_ns, limits_.unused_days)) {
        bytes -= unit.bytes;
        remove(unit);
      } else {
        kept.push_back(std::move(unit));
      }
    }
    units_ = std::move(kept);
    for (const auto& profile : profiles_) {
      remove_what_no_unit_has(profile);
    }
    return swept_;
  }

 private:
  bool is_unused_for(std::int64_t since_ns, std::int64_t days) const { return now_ns_ - since_ns > days * kDayNs; }

  void find_profiles() {
    for (const auto& name : files_.list(root_)) {
      add_profile(name);
      for (const auto& below : files_.list(path::join(root_, name))) {
        add_profile(path::join(name, below));  // of a target
      }
    }
  }

  void add_profile(const std::string& relative) {
    const std::string own = path::join(root_, relative);
    if (platform::entry_kind(path::join(own, "records")) == FileKind::kDirectory) {
      profiles_.push_back({own, path::join(build_directory_, relative) + "/build"});
    }
  }

  void find_units(const Profile& profile) {
    const std::string records = path::join(profile.own, "records");
    for (const auto& name : files_.list(records)) {
      Unit unit{&profile, name};
      unit.used_ns = mtime_of(unit.record());
      if (const auto record = RecordStore::read(unit.record())) {
        for (const auto& output : record->outputs) {
          if (path::is_within(output.path, root_)) {
            unit.outputs.push_back(output.path);
            unit.bytes += output.look.stamp.size;
          }
        }
      }
      units_.push_back(std::move(unit));
    }
  }

  /// The record first: from then on nobody takes the rest for results.
  void remove(const Unit& unit) {
    if (!RecordStore::remove(unit.record())) {
      return;
    }
    for (const auto& output : unit.outputs) {
      (void)platform::remove_file(output);
    }
    for (const std::string& above : {unit.profile->own + "/incremental",
                                     unit.profile->own + "/build",
                                     unit.profile->own + "/locks",
                                     unit.profile->out_dirs}) {
      (void)platform::remove_tree(path::join(above, unit.name));
    }
    ++swept_.units;
  }

  /// Results of units that failed or lost their record long ago.
  void remove_what_no_unit_has(const Profile& profile) {
    std::set<std::string> names;
    std::set<std::string> outputs;
    for (const auto& unit : units_) {
      if (unit.profile == &profile) {
        names.insert(unit.name);
        outputs.insert(unit.outputs.begin(), unit.outputs.end());
      }
    }
    for (const char* folder : {"deps", "examples"}) {
      const std::string directory = path::join(profile.own, folder);
      for (const auto& name : files_.list(directory)) {
        const std::string file = path::join(directory, name);
        if (outputs.count(file) == 0 && is_unused_for(mtime_of(file), limits_.unused_days)) {
          swept_.files_without_unit += platform::remove_file(file) ? 1 : 0;
        }
      }
    }
    for (const char* folder : {"incremental", "build"}) {
      const std::string directory = path::join(profile.own, folder);
      for (const auto& name : files_.list(directory)) {
        const std::string unit_directory = path::join(directory, name);
        if (names.count(name) == 0 && is_unused_for(mtime_of(unit_directory), limits_.unused_days)) {
          swept_.files_without_unit += platform::remove_tree(unit_directory) ? 1 : 0;
        }
      }
    }
  }

  std::string build_directory_;
  std::string root_;
  SweepLimits limits_;
  std::int64_t now_ns_;
  platform::RealFileSystem files_;
  std::vector<Profile> profiles_;
  std::vector<Unit> units_;
  Swept swept_;
};

}  // namespace

void mark_as_used(const std::string& record_path, std::int64_t now_ns) {
  const auto stamp = platform::stamp_of(record_path, platform::Links::kOfTheLinkItself);
  if (stamp.kind == FileKind::kFile && now_ns - stamp.mtime_ns > kDayNs) {
    ::utimensat(AT_FDCWD, record_path.c_str(), nullptr, AT_SYMLINK_NOFOLLOW);
  }
}

Swept sweep(const std::string& build_directory, const SweepLimits& limits, std::int64_t now_ns) {
  const std::string done = path::join(build_directory, "pcargo/swept");
  const auto last = platform::stamp_of(done, platform::Links::kOfTheLinkItself);
  if (last.kind != FileKind::kNone && now_ns - last.mtime_ns <= kDayNs) {
    return {};
  }
  const bool is_first = last.kind == FileKind::kNone;
  if (!platform::write_file_by_rename(done, "") || is_first) {
    return {};
  }
  return Sweeper(build_directory, limits, now_ns).sweep();
}

}  // namespace pcargo::freshness
